import { type Bitmap, isSeen, MAX_PIXELS, type PictureTitle, setColour, type TitleDecoder } from './bitmap'
import { paintObject } from './dvb-pixels'

interface Region {
  width: number
  height: number
  /** Bits of a pixel. */
  depth: number
  clutId: number
  pixels: Uint8Array
  objects: { id: number; x: number; y: number }[]
}

/** Of each kind: a page has a handful. */
const MAX_PARTS = 64

/**
 * The picture subtitles of broadcasts (EN 300 743): a page of regions, each with its colours, and objects that are painted into
 * them.
 */
export class DvbTitleDecoder implements TitleDecoder {
  readonly #regions = new Map<number, Region>()
  readonly #colours = new Map<number, Uint8Array>()
  readonly #pages: readonly number[] | null
  #plane = { width: 720, height: 576 }
  #page: { timeout: number; places: { region: number; x: number; y: number }[] } | null = null

  /** `config`: the composition and the ancillary page, when the stream may carry others besides. */
  constructor(config: Buffer | null = null) {
    const pages = config !== null && config.length >= 4 ? [config.readUInt16BE(0), config.readUInt16BE(2)] : []
    this.#pages = pages.some(page => page !== 0) ? pages : null
  }

  push(seconds: number, data: Buffer): PictureTitle[] {
    this.#page = null
    // In broadcasts two bytes stand before the segments: what kind of data this is, and which stream.
    for (let at = data[0] === 0x20 ? 2 : 0; at + 6 <= data.length && data[at] === 0x0f; ) {
      const body = data.subarray(at + 6, at + 6 + data.readUInt16BE(at + 4))
      if (this.#pages?.includes(data.readUInt16BE(at + 2)) !== false) this.#segment(data[at + 1] ?? 0, body)
      at += 6 + body.length
    }
    const title = this.#compose(seconds)
    return title === null ? [] : [title]
  }

  #segment(type: number, body: Buffer): void {
    if (type === 0x10 && body.length >= 2) this.#addPage(body)
    if (type === 0x11 && body.length >= 10) this.#addRegion(body)
    if (type === 0x12 && body.length >= 2) this.#addColours(body)
    if (type === 0x13 && body.length >= 7) this.#paint(body)
    if (type === 0x14 && body.length >= 5) this.#plane = { width: body.readUInt16BE(1) + 1, height: body.readUInt16BE(3) + 1 }
  }

  #addPage(body: Buffer): void {
    const state = ((body[1] ?? 0) >> 2) & 3
    // Everything that follows is new.
    if (state === 2) {
      this.#regions.clear()
      this.#colours.clear()
    }
    const places = []
    for (let at = 2; at + 6 <= body.length && places.length < MAX_PARTS; at += 6)
      places.push({ region: body[at] ?? 0, x: body.readUInt16BE(at + 2), y: body.readUInt16BE(at + 4) })
    this.#page = { timeout: body[0] ?? 0, places }
  }

  #addRegion(body: Buffer): void {
    const [id, flags, shape] = [body[0] ?? 0, body[1] ?? 0, body[6] ?? 0]
    const [width, height] = [body.readUInt16BE(2), body.readUInt16BE(4)]
    if (width * height > MAX_PIXELS || (this.#regions.size >= MAX_PARTS && !this.#regions.has(id))) return
    const depth = 2 ** ((shape >> 2) & 7)
    const before = this.#regions.get(id)
    const isSame = before !== undefined && before.width === width && before.height === height
    const pixels = isSame ? before.pixels : new Uint8Array(width * height)
    const [eight = 0, less = 0] = body.subarray(8, 10)
    if (flags & 0x08 || !isSame) pixels.fill(depth === 8 ? eight : depth === 4 ? less >> 4 : (less >> 2) & 3)
    const objects = []
    for (let at = 10; at + 6 <= body.length && objects.length < MAX_PARTS; ) {
      const kind = (body[at + 2] ?? 0) >> 6
      objects.push({ id: body.readUInt16BE(at), x: body.readUInt16BE(at + 2) & 0x0fff, y: body.readUInt16BE(at + 4) & 0x0fff })
      at += kind === 1 || kind === 2 ? 8 : 6
    }
    this.#regions.set(id, { width, height, depth, clutId: body[7] ?? 0, pixels, objects })
  }

  #addColours(body: Buffer): void {
    const id = body[0] ?? 0
    const palette = this.#colours.get(id) ?? usualColours()
    this.#colours.set(id, palette)
    for (let at = 2; at + 2 <= body.length; ) {
      const [index = 0, flags = 0] = body.subarray(at, at + 2)
      const isFull = (flags & 1) !== 0
      if (at + (isFull ? 6 : 4) > body.length) return
      const word = body.readUInt16BE(at + 2)
      const small = { y: (word >> 8) & 0xfc, cr: (word >> 2) & 0xf0, cb: (word << 2) & 0xf0, t: (word << 6) & 0xc0 }
      const [y = 0, cr = 0, cb = 0, t = 0] = isFull ? body.subarray(at + 2, at + 6) : Object.values(small)
      setColour(palette, index, { y, cb, cr, alpha: y === 0 ? 0 : 255 - t, isHd: this.#plane.height >= 720 })
      at += isFull ? 6 : 4
    }
  }

  #paint(body: Buffer): void {
    const id = body.readUInt16BE(0)
    const isPixels = ((body[2] ?? 0) & 0x0c) === 0
    if (!isPixels) return
    const top = body.subarray(7, 7 + body.readUInt16BE(3))
    const rest = body.subarray(7 + top.length, 7 + top.length + body.readUInt16BE(5))
    // Without lines of its own the lower field repeats the upper one.
    const bottom = rest.length === 0 ? top : rest
    for (const region of this.#regions.values())
      for (const { x, y } of region.objects.filter(object => object.id === id)) {
        paintObject(region, top, { x, y })
        paintObject(region, bottom, { x, y: y + 1 })
      }
  }

  #compose(seconds: number): PictureTitle | null {
    if (this.#page === null) return null
    const { timeout, places } = this.#page
    const bitmaps = places.flatMap(({ region: id, x, y }): Bitmap[] => {
      const region = this.#regions.get(id)
      if (region === undefined) return []
      const { width, height, pixels, clutId } = region
      return [{ x, y, width, height, pixels: pixels.slice(), palette: this.#colours.get(clutId) ?? usualColours() }]
    })
    // Regions that came before the place from which we read: nothing is known of them.
    if (places.length > 0 && bitmaps.length === 0) return null
    return { start: seconds, end: seconds + timeout, plane: this.#plane, bitmaps: bitmaps.filter(isSeen) }
  }
}

/** The first sixteen of the standard's own colours: nothing, the seven bright ones, grey shades of them. */
function usualColours(): Uint8Array {
  const palette = new Uint8Array(1_024)
  for (let index = 1; index < 16; index++) {
    const level = index < 8 ? 255 : 127
    palette.set([index & 1 ? level : 0, index & 2 ? level : 0, index & 4 ? level : 0, 255], index * 4)
  }
  return palette
}
