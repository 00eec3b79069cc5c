import { findBox } from './mp4-boxes'

/** Where each sample lies and when it is shown. Arrays of numbers: a long film has half a million. */
export interface Samples {
  count: number
  offsets: Float64Array
  sizes: Uint32Array
  /** Seconds, in decoding order. */
  shown: Float64Array
  decoded: Float64Array
  /** Numbers of the key samples; null when all are. */
  keys: Uint32Array | null
}

/** Of one track: nine hours at sixty pictures a second. Few bytes of a table can claim many more, each of which takes 28 bytes here. */
const MAX_SAMPLES = 2_000_000

/** Reads a sample table. `shift` moves its times, in the track's own unit. Null when it makes no sense. */
export function readSamples(stbl: Buffer, timescale: number, shift: number): Samples | null {
  const sizes = readSizes(stbl)
  if (sizes === null) return null
  const offsets = readOffsets(stbl, sizes)
  if (offsets === null) return null
  const count = sizes.length
  const decoded = new Float64Array(count)
  const shown = new Float64Array(count)
  let [index, time] = [0, 0]
  for (const [run, delta] of pairsOf(findBox(stbl, 'stts')))
    for (let n = 0; n < run && index < count; n++, time += delta) decoded[index++] = time
  for (; index < count; index++) decoded[index] = time
  shown.set(decoded)
  const late = findBox(stbl, 'ctts')
  index = 0
  for (const [run, delta] of pairsOf(late))
    for (let n = 0; n < run && index < count; n++) shown[index++] = (shown[index - 1] as number) + (delta | 0)
  for (let at = 0; at < count; at++) {
    shown[at] = ((shown[at] as number) + shift) / timescale
    decoded[at] = ((decoded[at] as number) + shift) / timescale
  }
  return { count, offsets, sizes, shown, decoded, keys: readKeys(findBox(stbl, 'stss')) }
}

function* pairsOf(box: Buffer | null): Generator<[number, number]> {
  if (box === null || box.length < 8) return
  const count = Math.min(box.readUInt32BE(4), Math.floor((box.length - 8) / 8))
  for (let index = 0; index < count; index++) yield [box.readUInt32BE(8 + index * 8), box.readUInt32BE(12 + index * 8)]
}

function readSizes(stbl: Buffer): Uint32Array | null {
  const box = findBox(stbl, 'stsz')
  if (box === null || box.length < 12) return null
  const [size, count] = [box.readUInt32BE(4), box.readUInt32BE(8)]
  if (count > MAX_SAMPLES || (size === 0 && box.length < 12 + count * 4)) return null
  if (size > 0) return new Uint32Array(count).fill(size)
  return Uint32Array.from({ length: count }, (_, index) => box.readUInt32BE(12 + index * 4))
}

function readOffsets(stbl: Buffer, sizes: Uint32Array): Float64Array | null {
  const short = findBox(stbl, 'stco')
  const long = findBox(stbl, 'co64')
  const box = short ?? long
  const map = findBox(stbl, 'stsc')
  if (box === null || map === null || box.length < 8 || map.length < 8) return null
  const width = short === null ? 8 : 4
  const chunks = Math.min(box.readUInt32BE(4), Math.floor((box.length - 8) / width))
  const runs = Math.min(map.readUInt32BE(4), Math.floor((map.length - 8) / 12))
  const offsets = new Float64Array(sizes.length)
  let [sample, run] = [0, 0]
  for (let chunk = 0; chunk < chunks; chunk++) {
    while (run + 1 < runs && map.readUInt32BE(8 + (run + 1) * 12) <= chunk + 1) run++
    const perChunk = runs === 0 ? 0 : map.readUInt32BE(12 + run * 12)
    const place = 8 + chunk * width
    let at = width === 4 ? box.readUInt32BE(place) : Number(box.readBigUInt64BE(place))
    for (let n = 0; n < perChunk && sample < sizes.length; n++) {
      offsets[sample] = at
      at += sizes[sample++] as number
    }
  }
  return sample === sizes.length ? offsets : null
}

function readKeys(box: Buffer | null): Uint32Array | null {
  if (box === null || box.length < 8) return null
  const count = Math.min(box.readUInt32BE(4), Math.floor((box.length - 8) / 4))
  return Uint32Array.from({ length: count }, (_, index) => box.readUInt32BE(8 + index * 4) - 1)
}

/** The last of the ascending numbers that is not above `value`; -1 when all are. */
export function lastAtMost(list: ArrayLike<number>, value: number): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((list[middle] as number) <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}
