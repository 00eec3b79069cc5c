'use client'

import { useState } from 'react'
import { Picture } from '@/components/ui/picture'

/** The picture of an episode; without one its number on the colour of its season. */
export function EpisodeStill({ image, number }: { image: string | null; number: number | undefined }) {
  const [broken, setBroken] = useState(false)
  if (image && !broken) {
    return (
      <Picture
        src={image}
        width={320}
        height={180}
        onError={() => setBroken(true)}
        className="absolute inset-0 size-full object-cover"
      />
    )
  }
  return (
    <span aria-hidden className="absolute inset-0 flex items-center justify-center font-title text-28 text-white/90">
      {number ?? ''}
    </span>
  )
}
