'use client'

import { useEffect } from 'react'

/** Names the window after what is shown, once it is known. The server cannot: it would wait for the provider. */
export function useDocumentTitle(name: string | undefined): void {
  useEffect(() => {
    if (name) document.title = `${name} · WatchTheFlix`
  }, [name])
}
