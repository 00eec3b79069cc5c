/** Words in the picture's own captions (CEA-608, channel 1), from one second to another. */
export interface CaptionLine {
  start: number
  end: number
  text: string
}

const odd = (code: number): number => (code.toString(2).replaceAll('0', '').length % 2 === 0 ? code | 0x80 : code)

/** Pairs of bytes that write a line out of sight and then show it: load, erase, place below, letters, show. */
function pairsOf(text: string): [number, number][] {
  const control = (first: number, second: number): [number, number][] => [
    [first, second],
    [first, second],
  ]
  const letters = Buffer.from(text.length % 2 === 0 ? text : `${text} `, 'latin1')
  const words = Array.from({ length: letters.length / 2 }, (_, at): [number, number] => [
    letters[at * 2] ?? 0x20,
    letters[at * 2 + 1] ?? 0x20,
  ])
  return [...control(0x14, 0x20), ...control(0x14, 0x2e), ...control(0x14, 0x70), ...words, ...control(0x14, 0x2f)]
}

/** The pair of each frame, so that a line is whole at its time. */
export function schedule(lines: readonly CaptionLine[], rate: number): Map<number, [number, number]> {
  const frames = new Map<number, [number, number]>()
  for (const { start, end, text } of lines) {
    const pairs = pairsOf(text)
    const first = Math.round(start * rate) - pairs.length + 1
    for (const [at, pair] of pairs.entries()) frames.set(first + at, pair)
    for (const at of [0, 1]) frames.set(Math.round(end * rate) + at, [0x14, 0x2c])
  }
  return frames
}

/** A kind and two bytes. */
export type CaptionEntry = [head: number, first: number, second: number]

/** Captions of one picture as ATSC A/53 packs them. */
export function captionData(entries: readonly CaptionEntry[]): Buffer {
  return Buffer.from([0xb5, 0, 0x31, ...Buffer.from('GA94'), 3, 0x40 | entries.length, 0xff, ...entries.flat(), 0xff])
}

/** One pair of bytes of CEA-608. */
export const captionMessage = ([first, second]: [number, number]): Buffer => captionData([[0xfc, odd(first), odd(second)]])

/** Supplemental information of H.264, in which no zeros may look like the beginning of another unit. */
export function captionUnit(data: Buffer): Buffer {
  const bytes: number[] = []
  for (const byte of [6, 4, data.length, ...data, 0x80]) {
    if (byte <= 3 && bytes.at(-1) === 0 && bytes.at(-2) === 0) bytes.push(3)
    bytes.push(byte)
  }
  return Buffer.from([0, 0, 0, 1, ...bytes])
}

export function addCaptions(pictures: Buffer, lines: readonly CaptionLine[], rate = 25): Buffer {
  const frames = schedule(lines, rate)
  return addCaptionData(pictures, frame => captionMessage(frames.get(frame) ?? [0, 0]))
}

/** The same H.264 pictures, bare and in the order in which they are shown, with captions before each. */
export function addCaptionData(pictures: Buffer, dataOf: (frame: number) => Buffer): Buffer {
  const parts: Buffer[] = []
  let frame = 0
  let from = 0
  for (let at = pictures.indexOf('000001', 0, 'hex'); at !== -1; at = pictures.indexOf('000001', at + 3, 'hex')) {
    const kind = (pictures[at + 3] ?? 0) & 31
    // The first slice of a picture: its first macroblock is number 0.
    if ((kind !== 1 && kind !== 5) || ((pictures[at + 4] ?? 0) & 0x80) === 0) continue
    const start = pictures[at - 1] === 0 ? at - 1 : at
    parts.push(pictures.subarray(from, start), captionUnit(dataOf(frame++)))
    from = start
  }
  return Buffer.concat([...parts, pictures.subarray(from)])
}
