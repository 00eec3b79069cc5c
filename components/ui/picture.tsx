import type { ImgHTMLAttributes } from 'react'

interface PictureProps extends Omit<ImgHTMLAttributes<HTMLImageElement>, 'alt' | 'src'> {
  src: string
  /** Above the fold: load at once. */
  eager?: boolean
}

/** Artwork from our own picture cache, which already has the right sizes. The name stands beside it, so it has no text of its own. */
export function Picture({ eager = false, ...rest }: PictureProps) {
  // biome-ignore lint/performance/noImgElement: next/image would resize a second time what our picture cache has resized
  return <img alt="" loading={eager ? 'eager' : 'lazy'} decoding="async" {...rest} />
}
