'use client'

import { useState } from 'react'
import { gradientOf } from '@/components/ui/artwork-color'
import { Picture } from '@/components/ui/picture'

interface BackdropProps {
  name: string
  backdrop: string | null
  /** A poster to be used out of focus when there is no wide picture. */
  poster: string | null
}

/** The wide picture behind the head of a screen; it fades into the canvas where words stand. */
export function Backdrop({ name, backdrop, poster }: BackdropProps) {
  const [broken, setBroken] = useState<string | null>(null)
  const sharp = backdrop !== null && broken !== backdrop
  const image = sharp ? backdrop : poster !== null && broken !== poster ? poster : null
  return (
    <div aria-hidden className="-z-1 pointer-events-none absolute inset-0 overflow-hidden">
      <div
        className="absolute inset-y-0 right-0 w-full [mask-image:linear-gradient(to_bottom,black_45%,transparent)] md:w-[78%]"
        style={{ backgroundImage: gradientOf(name) }}
      >
        {image ? (
          <Picture
            key={image}
            src={image}
            eager
            fetchPriority="high"
            onError={() => setBroken(image)}
            className={`appear size-full object-cover object-[50%_22%] ${sharp ? '' : 'scale-110 blur-2xl brightness-75 saturate-150'}`}
          />
        ) : null}
      </div>
      <div className="absolute inset-0 bg-[linear-gradient(90deg,var(--canvas)_24%,color-mix(in_srgb,var(--canvas)_70%,transparent)_55%,transparent_92%)] max-md:bg-[linear-gradient(0deg,var(--canvas)_30%,color-mix(in_srgb,var(--canvas)_72%,transparent)_62%,transparent)]" />
      <div className="absolute inset-0 bg-[linear-gradient(0deg,var(--canvas)_2%,transparent_55%)]" />
    </div>
  )
}
