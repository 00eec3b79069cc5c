import { type Bitmap, isSeen, MAX_PIXELS, type PictureTitle, type TitleDecoder } from './bitmap'

/** What the commands of a packet say, all taken together. */
interface Control {
  /** In units of the packet's clock, from the packet's time on. */
  start: number | null
  end: number | null
  /** Of each of the four values of a pixel: its number in the film's colours, and how much it hides, up to 15. */
  colours: readonly number[]
  opacity: readonly number[]
  area: Pick<Bitmap, 'x' | 'y' | 'width' | 'height'> | null
  /** Where the rows begin: the even ones, and the odd ones. */
  fields: readonly [number, number] | null
}

const TICK = 1_024 / 90_000
/** How long the rest of each command is; one that changes colours inside the picture says it itself. */
const lengths: Record<number, number> = { 0: 0, 1: 0, 2: 0, 3: 2, 4: 2, 5: 6, 6: 4 }
const CHANGES = 7
/** The head of an .idx file is a page of text. */
const MAX_HEAD = 16 * 1_024
const MAX_SIDE = 4_096

/** The picture subtitles of DVDs: a picture of four values in two fields, and commands that say when, where and in which colours. */
export class VobSubDecoder implements TitleDecoder {
  readonly #plane: PictureTitle['plane']
  readonly #colours: readonly (readonly number[])[]

  /** `config`: the head of the .idx file, with the size of the picture and its sixteen colours. */
  constructor(config: Buffer | null = null) {
    const head = config?.toString('latin1', 0, MAX_HEAD) ?? ''
    const [width = 0, height = 0] = (/^size: *(\d{1,5}) *x *(\d{1,5})/m.exec(head) ?? []).slice(1).map(Number)
    const isUsable = width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE
    this.#plane = isUsable ? { width, height } : { width: 720, height: 576 }
    const colours = (/^palette:(.*)/m.exec(head)?.[1] ?? '').match(/[0-9a-f]{6}/gi) ?? []
    this.#colours = colours.slice(0, 16).map(colour => [...Buffer.from(colour, 'hex')])
  }

  push(seconds: number, data: Buffer): PictureTitle[] {
    const size = data.length >= 4 ? data.readUInt16BE(0) : 0
    if (size < 4 || size > data.length) return []
    const packet = data.subarray(0, size)
    const control = readControl(packet)
    if (control === null || control.start === null || control.area === null) return []
    const pixels = unroll(packet, control)
    if (pixels === null) return []
    const { start, end, area } = control
    const bitmap = { ...area, pixels, palette: this.#paletteOf(control) }
    return [
      {
        start: seconds + start * TICK,
        end: end !== null && end > start ? seconds + end * TICK : null,
        plane: this.#plane,
        bitmaps: [bitmap].filter(isSeen),
      },
    ]
  }

  #paletteOf({ colours, opacity }: Control): Uint8Array {
    const palette = new Uint8Array(1_024)
    for (let value = 0; value < 4; value++) {
      // Without the film's colours: white letters with a black edge.
      const own = this.#colours.length === 0 ? usual[value] : this.#colours[colours[value] ?? 0]
      palette.set([...(own ?? [0, 0, 0]), (opacity[value] ?? 0) * 17], value * 4)
    }
    return palette
  }
}

const usual = [
  [0, 0, 0],
  [255, 255, 255],
  [0, 0, 0],
  [128, 128, 128],
]

/** Goes from each sequence of commands to the next; the last one names itself. Null when one lies outside of the packet. */
function readControl(packet: Buffer): Control | null {
  let control: Control = { start: null, end: null, colours: [], opacity: [], area: null, fields: null }
  for (let at = packet.readUInt16BE(2); at + 4 <= packet.length; ) {
    const changed = readCommands(packet, at, control)
    const next = packet.readUInt16BE(at + 2)
    if (changed === null || next < at) return null
    if (next === at) return changed
    control = changed
    at = next
  }
  return null
}

function readCommands(packet: Buffer, from: number, before: Control): Control | null {
  const date = packet.readUInt16BE(from)
  const control = { ...before }
  for (let at = from + 4; at < packet.length; ) {
    const command = packet[at++] ?? 0
    if (command === CHANGES && at + 2 > packet.length) return null
    const length = command === CHANGES ? packet.readUInt16BE(at) : lengths[command]
    // The end, or nothing that anybody knows the length of.
    if (length === undefined) return control
    if (at + length > packet.length || (command === CHANGES && length < 2)) return null
    const body = packet.subarray(at, at + length)
    at += length
    if (command <= 1) control.start ??= date
    if (command === 2) control.end = date
    if (command === 3) control.colours = nibblesOf(body)
    // What comes in or goes out by degrees is drawn as it is when most of it is seen.
    if (command === 4 && sumOf(nibblesOf(body)) >= sumOf(control.opacity)) control.opacity = nibblesOf(body)
    if (command === 5) control.area = areaOf(body)
    if (command === 6) control.fields = [body.readUInt16BE(0), body.readUInt16BE(2)]
  }
  return null
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

/** The value that comes last stands first. */
function nibblesOf(body: Buffer): number[] {
  const word = body.readUInt16BE(0)
  return [word & 15, (word >> 4) & 15, (word >> 8) & 15, word >> 12]
}

function areaOf(body: Buffer): Control['area'] {
  const [left, right] = [body.readUInt16BE(0) >> 4, body.readUInt16BE(1) & 0x0fff]
  const [top, bottom] = [body.readUInt16BE(3) >> 4, body.readUInt16BE(4) & 0x0fff]
  const area = { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
  return area.width > 0 && area.height > 0 && area.width * area.height <= MAX_PIXELS ? area : null
}

/** Null when the packet ends before the picture, or a run goes over the edge of it. */
function unroll(packet: Buffer, { area, fields }: Control): Uint8Array | null {
  // A row takes a byte at least, and both fields may be the same.
  if (area === null || fields === null || area.height / 2 > packet.length) return null
  const { width, height } = area
  const pixels = new Uint8Array(width * height)
  for (const [first, from] of fields.entries()) {
    let at = from * 2
    for (let row = first; row < height; row += 2) {
      // Each begins with a whole byte.
      at += at & 1
      for (let column = 0; column < width; ) {
        const { code, digits } = readRun(packet, at)
        // Of no length: up to the end of the row.
        const length = code < 4 ? width - column : code >> 2
        at += digits
        if (at > packet.length * 2 || length > width - column) return null
        pixels.fill(code & 3, row * width + column, row * width + column + length)
        column += length
      }
    }
  }
  return pixels
}

/** Up to four digits of four bits: as many as it takes for the length, before the two bits of the value, not to begin with zeros. */
function readRun(packet: Buffer, from: number): { code: number; digits: number } {
  let code = 0
  let digits = 0
  for (let least = 1; code < least && digits < 4; least *= 4) {
    const byte = packet[(from + digits) >> 1] ?? 0
    code = (code << 4) | ((from + digits) & 1 ? byte & 15 : byte >> 4)
    digits++
  }
  return { code, digits }
}
