'use client'

import { type ImgHTMLAttributes, useEffect, useRef } from 'react'

interface PictureProps extends Omit<ImgHTMLAttributes<HTMLImageElement>, 'alt' | 'src'> {
  src: string
  /** Above the fold: load at once. */
  eager?: boolean
}

/** Artwork from our own picture cache, which already has the right sizes. The name stands beside it, so it has no text of its own. */
export function Picture({ eager = false, src, ...rest }: PictureProps) {
  const element = useRef<HTMLImageElement>(null)

  // A picture of the first page may have come, or failed, before anybody listened.
  useEffect(() => {
    const image = element.current
    if (!image?.complete) return
    if (image.naturalWidth > 0) image.dispatchEvent(new Event('load'))
    else image.setAttribute('src', src)
  }, [src])

  // biome-ignore lint/performance/noImgElement: next/image would resize a second time what our picture cache has resized
  return <img ref={element} src={src} alt="" loading={eager ? 'eager' : 'lazy'} decoding="async" {...rest} />
}
