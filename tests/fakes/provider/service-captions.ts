import { type CaptionEntry, type CaptionLine, captionData } from './captions.ts'

/** Window 0, out of sight: one row of 32 letters, its foot in the middle near the lower edge. */
const DEFINE = [0x98, 0x18, 0x80 | 90, 50, 0x70, 31, 0x09]
const DISPLAY = [0x89, 1]
const DELETE = [0x8c, 1]
/** A block says with five bits how long it is. */
const MOST_LETTERS = 31 - DEFINE.length

/** A packet of CEA-708 with a block of service 1, or none, in entries of two bytes. */
export function servicePacket(block: readonly number[], sequence: number): CaptionEntry[] {
  const bytes = block.length === 0 ? [0] : [0x20 | block.length, ...block]
  if (bytes.length % 2 === 0) bytes.push(0)
  const [first = 0, ...rest] = bytes
  const header = ((sequence & 3) << 6) | ((bytes.length + 1) / 2)
  const later = Array.from({ length: rest.length / 2 }, (_, at): CaptionEntry => [0xfe, rest[at * 2] ?? 0, rest[at * 2 + 1] ?? 0])
  return [[0xff, header, first], ...later]
}

/**
 * The captions of each picture, so that a line is written at its time and taken away at its end. They come with CEA-708 alone, as in
 * Korea: the place of CEA-608 is there, and empty.
 */
export function serviceCaptions(lines: readonly CaptionLine[], rate = 25): (frame: number) => Buffer {
  const blocks = new Map<number, readonly number[]>()
  for (const { start, end, text } of lines) {
    if (text.length > MOST_LETTERS) throw new Error(`too long for one block: ${text}`)
    const first = Math.round(start * rate)
    blocks.set(first - 1, [...DEFINE, ...Buffer.from(text, 'latin1')])
    blocks.set(first, DISPLAY)
    blocks.set(Math.round(end * rate), DELETE)
  }
  return frame => captionData([[0xf8, 0x80, 0x80], ...servicePacket(blocks.get(frame) ?? [], frame)])
}
