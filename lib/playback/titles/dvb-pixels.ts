import { BitReader } from '../ts/bit-reader'

interface Canvas {
  width: number
  height: number
  depth: number
  pixels: Uint8Array
}

/** Writes a run; a count of 0 ends the string. */
type ReadRun = (bits: BitReader) => { count: number; value: number }

const run = (count: number, value = 0) => ({ count, value })

const readTwo: ReadRun = bits => {
  const value = bits.bits(2)
  if (value !== 0) return run(1, value)
  if (bits.flag()) return run(3 + bits.bits(3), bits.bits(2))
  if (bits.flag()) return run(1)
  const kind = bits.bits(2)
  if (kind === 0) return run(0)
  if (kind === 1) return run(2)
  return kind === 2 ? run(12 + bits.bits(4), bits.bits(2)) : run(29 + bits.bits(8), bits.bits(2))
}

const readFour: ReadRun = bits => {
  const value = bits.bits(4)
  if (value !== 0) return run(1, value)
  if (!bits.flag()) {
    const length = bits.bits(3)
    return run(length === 0 ? 0 : length + 2)
  }
  if (!bits.flag()) return run(4 + bits.bits(2), bits.bits(4))
  const kind = bits.bits(2)
  if (kind < 2) return run(kind + 1)
  return kind === 2 ? run(9 + bits.bits(4), bits.bits(4)) : run(25 + bits.bits(8), bits.bits(4))
}

const readEight: ReadRun = bits => {
  const value = bits.bits(8)
  if (value !== 0) return run(1, value)
  return bits.flag() ? run(bits.bits(7), bits.bits(8)) : run(bits.bits(7))
}

const strings: Record<number, { read: ReadRun; depth: number }> = {
  16: { read: readTwo, depth: 2 },
  17: { read: readFour, depth: 4 },
  18: { read: readEight, depth: 8 },
}

/** Pixels of fewer bits than the region has, as the standard spreads them. */
function usualMap(from: number, to: number): readonly number[] | null {
  if (from >= to) return null
  if (to === 4) return [0, 7, 8, 15]
  return from === 2 ? [0, 0x77, 0x88, 0xff] : Array.from({ length: 16 }, (_, value) => value * 0x11)
}

/** Paints one field of an object: every other line, from its place on. */
export function paintObject(canvas: Canvas, data: Buffer, place: { x: number; y: number }): void {
  let { x, y } = place
  const maps = new Map<string, readonly number[]>()
  for (let at = 0; at < data.length; ) {
    const type = data[at++] ?? 0
    if (type === 0xf0) {
      x = place.x
      y += 2
      continue
    }
    const map = readMap(type, data.subarray(at))
    if (map !== null) {
      maps.set(map.name, map.values)
      at += map.length
      continue
    }
    const string = strings[type]
    if (string === undefined) return
    const bits = new BitReader(data.subarray(at))
    const used = maps.get(`${string.depth}-${canvas.depth}`) ?? usualMap(string.depth, canvas.depth)
    const limit = (data.length - at) * 8
    let count = 0
    do {
      const piece = string.read(bits)
      count = piece.count
      draw(canvas, { x, y, count }, used?.[piece.value] ?? piece.value)
      x += count
      // A full line needs no mark of its end, and some encoders write half a mark.
    } while (count > 0 && bits.position < limit && !(string.depth === 8 && x >= canvas.width))
    at += Math.ceil(bits.position / 8)
    while (count > 0 && data[at] === 0) at++
  }
}

function readMap(type: number, data: Buffer): { name: string; length: number; values: number[] } | null {
  const half = (bytes: Buffer) => [...bytes].flatMap(byte => [byte >> 4, byte & 15])
  if (type === 0x20) return { name: '2-4', length: 2, values: half(data.subarray(0, 2)) }
  if (type === 0x21) return { name: '2-8', length: 4, values: [...data.subarray(0, 4)] }
  return type === 0x22 ? { name: '4-8', length: 16, values: [...data.subarray(0, 16)] } : null
}

function draw({ width, height, pixels }: Canvas, { x, y, count }: { x: number; y: number; count: number }, value: number): void {
  if (y < 0 || y >= height || x >= width) return
  pixels.fill(value, y * width + x, y * width + Math.min(width, x + count))
}
