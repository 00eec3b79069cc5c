'use client'

import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { GuideRowsView, GuideWindowView } from '@/lib/epg/schema'
import { findKept, forgetOthers, type KeptGuide, keep } from './kept-guide'
import { ROOM } from './queries'

/** Puts what is kept where the screens look for it, as old as it is: they show it at once and ask for what is newer. */
export function seed(client: QueryClient, { rows, windows }: KeptGuide): void {
  const put = (kind: 'rows' | 'window', key: string, view: unknown, at: number) => {
    const queryKey = [ROOM, kind, JSON.parse(key) as unknown]
    if ((client.getQueryState(queryKey)?.dataUpdatedAt ?? 0) < at) client.setQueryData(queryKey, view, { updatedAt: at })
  }
  for (const { key, view, at } of rows) put('rows', key, view, at)
  for (const { key, view, at } of windows) put('window', key, view, at)
}

/** Keeps what comes from the server from now on. Returns the function that ends it. */
function keepAnswers(client: QueryClient, profileId: string, ready: Promise<unknown>): () => void {
  return client.getQueryCache().subscribe(event => {
    // What is put in by hand comes from here.
    if (event.type !== 'updated' || event.action.type !== 'success' || event.action.manual) return
    const [room, kind, asked] = event.query.queryKey
    if (room !== ROOM) return
    const kept = { key: JSON.stringify(asked), at: event.query.state.dataUpdatedAt }
    const view: unknown = event.query.state.data
    void ready.then(() => {
      if (kind === 'rows') return keep(profileId, { store: 'rows', kept: { ...kept, view: view as GuideRowsView } })
      if (kind === 'window') return keep(profileId, { store: 'windows', kept: { ...kept, view: view as GuideWindowView } })
    })
  })
}

/** Opens the guide with what this profile last saw of it here, and keeps what it sees. True once that has been looked up. */
export function useKeptGuide(profileId: string): boolean {
  const client = useQueryClient()
  const [isReady, setReady] = useState(false)
  useEffect(() => {
    let isHere = true
    const ready = forgetOthers(profileId, true)
    const stop = keepAnswers(client, profileId, ready)
    void ready
      .then(() => findKept(profileId))
      .then(kept => {
        if (!isHere) return
        if (kept) seed(client, kept)
        setReady(true)
      })
    return () => {
      isHere = false
      stop()
    }
  }, [client, profileId])
  return isReady
}
