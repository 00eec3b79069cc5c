'use client'

import { useScene } from './scene'
import { findByDigits } from './zap-order'

export function DigitBadge({ digits }: { digits: string }) {
  const { lineUp } = useScene()
  const channel = findByDigits(lineUp.channels, digits)
  return (
    <div
      role="status"
      className="rise absolute top-20 right-5 rounded-card bg-overlay px-6 py-4 text-right backdrop-blur-md md:top-24 md:right-10"
    >
      <p className="font-title text-56 tabular-nums">{digits}</p>
      <p className="max-w-64 truncate text-muted">
        {channel ? channel.name : lineUp.more ? 'Looking for it …' : 'No such channel'}
      </p>
    </div>
  )
}
