export interface LogoTint {
  background: string
  /** The logo is dark itself: give it a light tile. */
  light: boolean
}

const SIDE = 24
const known = new Map<string, LogoTint>()

function average(pixels: Uint8ClampedArray): { red: number; green: number; blue: number } | null {
  let red = 0
  let green = 0
  let blue = 0
  let weight = 0
  for (let at = 0; at < pixels.length; at += 4) {
    const alpha = (pixels[at + 3] ?? 0) / 255
    red += (pixels[at] ?? 0) * alpha
    green += (pixels[at + 1] ?? 0) * alpha
    blue += (pixels[at + 2] ?? 0) * alpha
    weight += alpha
  }
  return weight < 4 ? null : { red: red / weight, green: green / weight, blue: blue / weight }
}

/** The tile colour that suits a loaded logo. Null when its pixels may not be read. */
export function findLogoTint(image: HTMLImageElement): LogoTint | null {
  const before = known.get(image.src)
  if (before) return before
  const canvas = document.createElement('canvas')
  canvas.width = SIDE
  canvas.height = SIDE
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) return null
  try {
    context.drawImage(image, 0, 0, SIDE, SIDE)
    const mean = average(context.getImageData(0, 0, SIDE, SIDE).data)
    if (!mean) return null
    const light = (mean.red * 0.299 + mean.green * 0.587 + mean.blue * 0.114) / 255 < 0.32
    const rgb = `rgb(${Math.round(mean.red)} ${Math.round(mean.green)} ${Math.round(mean.blue)})`
    const tint = { light, background: light ? '#eceff3' : `color-mix(in oklab, ${rgb} 22%, #171b23)` }
    known.set(image.src, tint)
    return tint
  } catch {
    return null
  }
}

const AGAIN_MS = 150

/** Reading pixels holds up the frames of a list that scrolls: this waits until it rests, or the picture has left the page. */
export function whenAtRest(image: HTMLImageElement, look: (image: HTMLImageElement) => void): void {
  if (image.closest('[data-scrolling]') === null) look(image)
  else setTimeout(() => image.isConnected && whenAtRest(image, look), AGAIN_MS)
}
