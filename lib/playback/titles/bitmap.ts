import { crc32, deflateSync } from 'node:zlib'
import type { Pictures } from '../schema'

/** A picture of words: one byte a pixel, and what each of them looks like. */
export interface Bitmap {
  x: number
  y: number
  width: number
  height: number
  pixels: Uint8Array
  /** Red, green, blue and opacity of each of 256 values. */
  palette: Uint8Array
}

/** What stands on the picture from a moment on; no bitmaps take away what stood there. */
export interface PictureTitle {
  /** Seconds. */
  start: number
  /** Null: until the next. */
  end: number | null
  /** The area that places are counted in. */
  plane: { width: number; height: number }
  bitmaps: Bitmap[]
}

/** Turns a track's packets into titles, in their order. */
export interface TitleDecoder {
  push(seconds: number, data: Buffer): PictureTitle[]
}

/** Pixels of one bitmap: a plane of high definition. What is larger is none. */
export const MAX_PIXELS = 1_920 * 1_088

/** One colour of a palette, from video levels to RGB. */
export function setColour(palette: Uint8Array, at: number, { y, cb, cr, alpha, isHd }: Colour): void {
  const luma = 1.164 * (y - 16)
  const [red, greenB, greenR, blue] = isHd ? [1.793, 0.213, 0.533, 2.112] : [1.596, 0.392, 0.813, 2.017]
  const [b, r] = [cb - 128, cr - 128]
  const level = (value: number) => Math.min(255, Math.max(0, Math.round(value)))
  palette.set([level(luma + red * r), level(luma - greenB * b - greenR * r), level(luma + blue * b), alpha], at * 4)
}

interface Colour {
  y: number
  cb: number
  cr: number
  /** 255 hides what is behind it. */
  alpha: number
  isHd: boolean
}

/** Is there anything to see in it? */
export const isSeen = ({ pixels, palette }: Bitmap): boolean => pixels.some(value => palette[value * 4 + 3] !== 0)

/** As the player draws it. */
export function printPictures({ plane, bitmaps }: Pick<PictureTitle, 'plane' | 'bitmaps'>): Pictures {
  const images = bitmaps.map(bitmap => {
    const { x, y, width, height } = bitmap
    return { x, y, width, height, png: toPng(bitmap).toString('base64') }
  })
  return { ...plane, images }
}

/** A PNG with a palette: what browsers draw without any help. */
export function toPng({ width, height, pixels, palette }: Bitmap): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // Eight bits, each the number of a colour.
  header.set([8, 3, 0, 0, 0], 8)
  const colours = Buffer.alloc(768)
  const opacity = Buffer.alloc(256)
  for (let value = 0; value < 256; value++) {
    colours.set(palette.subarray(value * 4, value * 4 + 3), value * 3)
    opacity[value] = palette[value * 4 + 3] ?? 0
  }
  // Each row begins with the number of its filter: none.
  const rows = Buffer.alloc((width + 1) * height)
  for (let row = 0; row < height; row++) rows.set(pixels.subarray(row * width, (row + 1) * width), row * (width + 1) + 1)
  const parts: [string, Buffer][] = [
    ['IHDR', header],
    ['PLTE', colours],
    ['tRNS', opacity],
    ['IDAT', deflateSync(rows)],
    ['IEND', Buffer.alloc(0)],
  ]
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, ...parts.map(([name, body]) => pngPart(name, body))])
}

function pngPart(name: string, body: Buffer): Buffer {
  const part = Buffer.concat([Buffer.alloc(4), Buffer.from(name, 'latin1'), body, Buffer.alloc(4)])
  part.writeUInt32BE(body.length, 0)
  part.writeUInt32BE(crc32(part.subarray(4, -4)), part.length - 4)
  return part
}
