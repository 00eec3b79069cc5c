export interface Box {
  type: string
  /** With its header. */
  whole: Buffer
  body: Buffer
}

/** The boxes inside a buffer; stops at the first that is not whole. */
export function listBoxes(bytes: Buffer): Box[] {
  const boxes: Box[] = []
  for (let at = 0; at + 8 <= bytes.length; ) {
    const short = bytes.readUInt32BE(at)
    const isLong = short === 1 && at + 16 <= bytes.length
    const size = isLong ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? bytes.length - at : short
    const head = isLong ? 16 : 8
    if (size < head || at + size > bytes.length) break
    const whole = bytes.subarray(at, at + size)
    boxes.push({ type: bytes.toString('latin1', at + 4, at + 8), whole, body: whole.subarray(head) })
    at += size
  }
  return boxes
}

/** The first box along a path of types. */
export function findBox(bytes: Buffer, ...path: string[]): Buffer | null {
  let inside = bytes
  for (const type of path) {
    const found = listBoxes(inside).find(box => box.type === type)
    if (found === undefined) return null
    inside = found.body
  }
  return inside
}

/** A box as bytes. */
export function writeBox(type: string, ...content: readonly (Buffer | number[])[]): Buffer {
  const parts = content.map(part => (Buffer.isBuffer(part) ? part : Buffer.from(part)))
  const head = Buffer.alloc(8)
  head.writeUInt32BE(parts.reduce((sum, part) => sum + part.length, 8))
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, ...parts])
}

/** A box with version and flags. */
export function writeFullBox(type: string, flags: number, ...content: readonly (Buffer | number[])[]): Buffer {
  return writeBox(type, u32(flags), ...content)
}

export function u32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, index * 4)
  return bytes
}

export function u16(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2)
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value & 0xffff, index * 2)
  return bytes
}

export function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(Math.max(0, Math.round(value))))
  return bytes
}
