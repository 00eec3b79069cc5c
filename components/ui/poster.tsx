'use client'

import { useState } from 'react'
import { gradientOf } from './artwork-color'
import { Picture } from './picture'

interface PosterProps {
  name: string
  image: string | null
  /** Small words under the name on a designed poster, for instance the year. */
  caption?: string | undefined
  /** Above the fold: load at once. */
  eager?: boolean
  /** How wide it is shown, as CSS says it; without it one middle size is loaded. */
  sizes?: string
  className?: string
}

/** 2:3 artwork. No picture, or one that does not come: a designed poster made from the name. Its text is decoration. */
export function Poster({ name, image, caption, eager = false, sizes, className = '' }: PosterProps) {
  const [broken, setBroken] = useState<string | null>(null)
  return (
    <span
      aria-hidden
      className={`relative block aspect-2/3 overflow-hidden rounded-card ${className}`}
      style={{ containerType: 'inline-size', backgroundImage: gradientOf(name) }}
    >
      {image === null || broken === image ? (
        <span
          className="absolute inset-0 flex flex-col justify-end p-[9cqw] text-white"
          style={{ backgroundImage: gradientOf(name) }}
        >
          <span className="line-clamp-5 text-balance break-words font-title text-[11cqw] leading-[1.12] tracking-tight">
            {name}
          </span>
          <span className="mt-[4cqw] h-[1.2cqw] w-[16cqw] rounded-full bg-white/60" />
          {caption ? <span className="mt-[3cqw] text-[6.5cqw] leading-none">{caption}</span> : null}
        </span>
      ) : (
        <Picture
          src={image}
          eager={eager}
          {...(sizes ? { sizes } : {})}
          width={400}
          height={600}
          onError={() => setBroken(image)}
          className="absolute inset-0 size-full object-cover"
        />
      )}
    </span>
  )
}
