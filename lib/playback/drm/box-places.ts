import { writeBox } from '../film/read/mp4-boxes'

/** A box of an MP4 file inside a buffer. Offsets are from the start of that buffer. */
export interface Box {
  type: string
  start: number
  /** Where its content begins. */
  body: number
  end: number
}

/** The boxes that lie side by side between two offsets. Stops at the first one that does not fit. */
export function listBoxes(bytes: Buffer, from = 0, to = bytes.length): Box[] {
  const boxes: Box[] = []
  for (let at = from; at + 8 <= to; ) {
    const size = bytes.readUInt32BE(at)
    const isLarge = size === 1
    const length = isLarge ? Number(bytes.readBigUInt64BE(at + 8)) : size
    if (length < 8 || at + length > to) break
    boxes.push({ type: bytes.toString('latin1', at + 4, at + 8), start: at, body: at + (isLarge ? 16 : 8), end: at + length })
    at += length
  }
  return boxes
}

/** The first box at the end of a path of types, such as `moov/trak`. */
export function findBox(bytes: Buffer, path: string, within?: Box): Box | null {
  let found: Box | undefined = within
  for (const type of path.split('/')) {
    const inside: Box[] = found === undefined ? listBoxes(bytes) : listBoxes(bytes, found.body, found.end)
    found = inside.find(box => box.type === type)
    if (found === undefined) return null
  }
  return found ?? null
}

/** The same bytes with some boxes replaced, added or (null) left out, the sizes of everything around them put right. */
export function rebuild(bytes: Buffer, box: Box, change: (child: Box) => Buffer | null): Buffer {
  const children = listBoxes(bytes, box.body, box.end)
  const first = children[0]?.start ?? box.end
  const parts = children.map(change).filter(part => part !== null)
  return writeBox(box.type, bytes.subarray(box.body, first), ...parts)
}
