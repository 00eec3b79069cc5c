'use client'

import { useEffect } from 'react'
import { endPlayer, usePlayerHost } from './player-host-store'

/** Where the one player of the app lives: above all pages, so that it goes on from one to the next. */
export function PlayerHost() {
  const { Stage, place } = usePlayerHost()
  useEffect(() => () => void endPlayer(), [])
  return Stage && place ? <Stage /> : null
}
