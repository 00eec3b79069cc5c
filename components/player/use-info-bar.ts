'use client'

import { useEffect, useState } from 'react'
import { SECOND } from '@/lib/kernel/time'

const SHOWN = 5 * SECOND

export interface InfoBarSwitch {
  shown: boolean
  toggle: () => void
  show: () => void
}

/** The bar that names a channel comes with every change and goes by itself. */
export function useInfoBar(itemId: number, live: boolean): InfoBarSwitch {
  const [shownFor, setShownFor] = useState<number | null>(itemId)
  const [seen, setSeen] = useState(itemId)
  if (seen !== itemId) {
    setSeen(itemId)
    setShownFor(itemId)
  }
  const shown = live && shownFor === itemId
  useEffect(() => {
    if (!shown) return
    const timer = setTimeout(() => setShownFor(before => (before === shownFor ? null : before)), SHOWN)
    return () => clearTimeout(timer)
  }, [shown, shownFor])
  return {
    shown,
    toggle: () => setShownFor(before => (before === itemId ? null : itemId)),
    show: () => setShownFor(itemId),
  }
}
