'use client'

import { useState } from 'react'
import { initialsOf, plainColorOf } from './artwork-color'
import { findLogoTint, type LogoTint, whenAtRest } from './logo-tint'
import { Picture } from './picture'

interface LogoTileProps {
  name: string
  image: string | null
  className?: string
}

/** A channel logo on a tile tinted from the logo; without a logo, initials on a colour from the name. */
export function LogoTile({ name, image, className = '' }: LogoTileProps) {
  const [broken, setBroken] = useState<string | null>(null)
  const [tint, setTint] = useState<LogoTint | null>(null)
  const plain = image === null || broken === image
  const background = (plain ? null : tint?.background) ?? plainColorOf(name)
  return (
    <span
      aria-hidden
      className={`relative flex shrink-0 items-center justify-center overflow-hidden rounded-cell transition-colors duration-200 ${className}`}
      style={{ background, containerType: 'inline-size' }}
    >
      {plain ? (
        <span className="select-none font-title text-[clamp(0.875rem,26cqw,2.5rem)] text-white leading-none">
          {initialsOf(name)}
        </span>
      ) : (
        <Picture
          src={image}
          width={160}
          height={90}
          onLoad={event => whenAtRest(event.currentTarget, image => setTint(findLogoTint(image)))}
          onError={() => setBroken(image)}
          className="absolute inset-[10%] size-[80%] object-contain"
        />
      )}
    </span>
  )
}
