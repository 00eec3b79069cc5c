import { type Bitmap, isSeen, MAX_PIXELS, type PictureTitle, setColour, type TitleDecoder } from './bitmap'

interface Shape {
  width: number
  height: number
  /** Run-length coded. */
  data: Buffer
}

interface Composition {
  seconds: number
  width: number
  height: number
  paletteId: number
  objects: { id: number; x: number; y: number; crop: { x: number; y: number; width: number; height: number } | null }[]
}

/** Of one object, as coded: its length has 24 bits, but no disc carries more. */
const MAX_CODED = 4 * 2 ** 20
const MAX_OBJECTS = 64

/**
 * The picture subtitles of Blu-ray discs (HDMV presentation graphics): palettes, run-length coded objects, and compositions that say
 * which of them stand where.
 */
export class PgsDecoder implements TitleDecoder {
  readonly #palettes = new Map<number, Buffer>()
  readonly #objects = new Map<number, Shape>()
  #composition: Composition | null = null

  push(seconds: number, data: Buffer): PictureTitle[] {
    const titles: PictureTitle[] = []
    for (let at = 0; at + 3 <= data.length; ) {
      const body = data.subarray(at + 3, at + 3 + data.readUInt16BE(at + 1))
      const type = data[at] ?? 0
      at += 3 + body.length
      if (type === 0x16) this.#compose(seconds, body)
      if (type === 0x14 && body.length > 2) this.#palettes.set(body[0] ?? 0, Buffer.from(body.subarray(2)))
      if (type === 0x15) this.#addObject(body)
      const title = type === 0x80 ? this.#finish() : null
      if (title !== null) titles.push(title)
    }
    return titles
  }

  #compose(seconds: number, body: Buffer): void {
    if (body.length < 11) return
    // Not a change of what there is but a new beginning.
    if (((body[7] ?? 0) & 0x80) !== 0) {
      this.#palettes.clear()
      this.#objects.clear()
    }
    const objects: Composition['objects'] = []
    let at = 11
    for (let left = body[10] ?? 0; left > 0 && at + 8 <= body.length; left--) {
      const isCropped = ((body[at + 3] ?? 0) & 0x80) !== 0 && at + 16 <= body.length
      const word = (offset: number) => body.readUInt16BE(at + offset)
      const crop = isCropped ? { x: word(8), y: word(10), width: word(12), height: word(14) } : null
      objects.push({ id: word(0), x: word(4), y: word(6), crop })
      at += isCropped ? 16 : 8
    }
    const [width, height] = [body.readUInt16BE(0), body.readUInt16BE(2)]
    this.#composition = { seconds, width, height, paletteId: body[9] ?? 0, objects }
  }

  #addObject(body: Buffer): void {
    if (body.length < 4) return
    const id = body.readUInt16BE(0)
    const isFirst = ((body[3] ?? 0) & 0x80) !== 0
    if (isFirst) {
      if (body.length < 11 || (this.#objects.size >= MAX_OBJECTS && !this.#objects.has(id))) return
      const [width, height] = [body.readUInt16BE(7), body.readUInt16BE(9)]
      this.#objects.set(id, { width, height, data: Buffer.from(body.subarray(11)) })
      return
    }
    const known = this.#objects.get(id)
    if (known === undefined || known.data.length + body.length > MAX_CODED) return
    known.data = Buffer.concat([known.data, body.subarray(4)])
  }

  #finish(): PictureTitle | null {
    const composition = this.#composition
    this.#composition = null
    if (composition === null) return null
    const { seconds, width, height, paletteId, objects } = composition
    const palette = this.#paletteOf(paletteId, height >= 720)
    const bitmaps = objects.slice(0, 2).flatMap(({ id, x, y, crop }): Bitmap[] => {
      const shape = this.#objects.get(id)
      if (shape === undefined || palette === null || shape.width * shape.height > MAX_PIXELS) return []
      const whole = { x, y, width: shape.width, height: shape.height, pixels: unroll(shape), palette }
      return [crop === null ? whole : cut(whole, crop)]
    })
    // A change of something that came before the place from which we read: nothing is known of it.
    if (objects.length > 0 && bitmaps.length === 0) return null
    return { start: seconds, end: null, plane: { width, height }, bitmaps: bitmaps.filter(isSeen) }
  }

  #paletteOf(id: number, isHd: boolean): Uint8Array | null {
    const entries = this.#palettes.get(id)
    if (entries === undefined) return null
    const palette = new Uint8Array(1_024)
    for (let at = 0; at + 5 <= entries.length; at += 5) {
      const [index = 0, y = 0, cr = 0, cb = 0, alpha = 0] = entries.subarray(at, at + 5)
      setColour(palette, index, { y, cb, cr, alpha, isHd })
    }
    return palette
  }
}

/** A byte is a pixel; behind a zero come runs, and the ends of lines. */
function unroll({ width, height, data }: Shape): Uint8Array {
  const pixels = new Uint8Array(width * height)
  let [row, column, at] = [0, 0, 0]
  const byte = () => data[at++] ?? 0
  while (at < data.length && row < height) {
    let value = byte()
    let count = 1
    if (value === 0) {
      const flags = byte()
      count = flags & 0x40 ? ((flags & 0x3f) << 8) | byte() : flags & 0x3f
      value = flags & 0x80 ? byte() : 0
      if (flags === 0) {
        row++
        column = 0
        continue
      }
    }
    const end = Math.min(width, column + count)
    pixels.fill(value, row * width + column, row * width + end)
    column = end
  }
  return pixels
}

function cut(bitmap: Bitmap, crop: { x: number; y: number; width: number; height: number }): Bitmap {
  const left = Math.min(crop.x, bitmap.width)
  const top = Math.min(crop.y, bitmap.height)
  const width = Math.min(crop.width, bitmap.width - left)
  const height = Math.min(crop.height, bitmap.height - top)
  const pixels = new Uint8Array(width * height)
  for (let row = 0; row < height; row++) {
    const from = (top + row) * bitmap.width + left
    pixels.set(bitmap.pixels.subarray(from, from + width), row * width)
  }
  return { ...bitmap, width, height, pixels }
}
