'use client'

import { type ImgHTMLAttributes, useEffect, useRef } from 'react'

interface PictureProps extends Omit<ImgHTMLAttributes<HTMLImageElement>, 'alt' | 'src'> {
  src: string
  /** Above the fold: load at once. */
  eager?: boolean
  /** How wide it is shown, as CSS says it: the smallest size that is sharp is loaded then, which also scrolls more lightly. */
  sizes?: string
}

/** Widths of our picture cache (lib/platform/pictures.ts) that a card may need. */
const WIDTHS = [96, 192, 384, 768]
const choices = (src: string) =>
  src.startsWith('/picture/') ? WIDTHS.map(width => `${src}&w=${width} ${width}w`).join(', ') : undefined

/** Artwork from our own picture cache, which already has the right sizes. The name stands beside it, so it has no text of its own. */
export function Picture({ eager = false, src, sizes, ...rest }: PictureProps) {
  const element = useRef<HTMLImageElement>(null)

  // A picture of the first page may have come, or failed, before anybody listened.
  useEffect(() => {
    const image = element.current
    if (!image?.complete) return
    if (image.naturalWidth > 0) image.dispatchEvent(new Event('load'))
    else image.setAttribute('src', src)
  }, [src])

  const srcSet = sizes ? choices(src) : undefined
  // The browser measures what loads late; the sizes told count for what loads at once.
  const set = srcSet ? { srcSet, sizes: eager ? sizes : `auto, ${sizes}` } : {}
  // biome-ignore lint/performance/noImgElement: next/image would resize a second time what our picture cache has resized
  return <img ref={element} src={src} {...set} alt="" loading={eager ? 'eager' : 'lazy'} decoding="async" {...rest} />
}
