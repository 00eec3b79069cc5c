import type { ByteCursor } from './byte-cursor'

export interface Element {
  id: number
  /** Where its content begins and ends in the file or buffer; `end` is infinite when its length is not known. */
  start: number
  end: number
}

/** Reads a number whose length its first bits tell. `keepMark` for names, whose mark belongs to them. Null when cut short. */
export function readVint(bytes: Buffer, at: number, keepMark: boolean): { value: number; length: number } | null {
  const first = bytes[at]
  if (first === undefined || first === 0) return null
  const length = Math.clz32(first) - 23
  if (at + length > bytes.length) return null
  let value = keepMark ? first : first & (0xff >> length)
  let isUnknown = !keepMark && value === 0xff >> length
  for (let index = 1; index < length; index++) {
    const byte = bytes[at + index] as number
    if (byte !== 0xff) isUnknown = false
    value = value * 256 + byte
  }
  return { value: isUnknown ? Number.POSITIVE_INFINITY : value, length }
}

/** Name and place of the element at the cursor, which moves to its content. Null at the end or at what is no element. */
export async function takeElement(cursor: ByteCursor): Promise<Element | null> {
  const head = await cursor.peek(12)
  const id = readVint(head, 0, true)
  const size = id === null ? null : readVint(head, id.length, false)
  if (id === null || size === null || id.length > 4) return null
  cursor.at += id.length + size.length
  return { id: id.value, start: cursor.at, end: cursor.at + size.value }
}

/** The elements inside a buffer; stops at the first that is not whole. */
export function* listElements(bytes: Buffer): Generator<{ id: number; body: Buffer }> {
  for (let at = 0; at < bytes.length; ) {
    const id = readVint(bytes, at, true)
    const size = id === null ? null : readVint(bytes, at + id.length, false)
    if (id === null || size === null) return
    const start = at + id.length + size.length
    if (start + size.value > bytes.length) return
    yield { id: id.value, body: bytes.subarray(start, start + size.value) }
    at = start + size.value
  }
}

/** The contents of the elements by name; of several with one name all. */
export function gatherElements(bytes: Buffer): Map<number, Buffer[]> {
  const found = new Map<number, Buffer[]>()
  for (const { id, body } of listElements(bytes)) {
    const same = found.get(id)
    if (same === undefined) found.set(id, [body])
    else same.push(body)
  }
  return found
}

export function readUnsigned(bytes: Buffer | undefined): number | null {
  if (bytes === undefined || bytes.length > 8) return null
  return bytes.reduce((value, byte) => value * 256 + byte, 0)
}

export function readFloat(bytes: Buffer | undefined): number | null {
  if (bytes?.length === 4) return bytes.readFloatBE(0)
  return bytes?.length === 8 ? bytes.readDoubleBE(0) : null
}

export function readText(bytes: Buffer | undefined): string | null {
  return bytes === undefined ? null : bytes.toString('utf8').replace(/\0+$/, '')
}

/** An element as bytes. Sizes take eight bytes: simple, and nothing here is small. */
export function writeElement(id: number, ...content: readonly Buffer[]): Buffer {
  const size = content.reduce((sum, part) => sum + part.length, 0)
  const head = Buffer.alloc(12)
  let idLength = 1
  while (id >= 256 ** idLength) idLength++
  head.writeUIntBE(id, 0, idLength)
  head[idLength] = 0x01
  head.writeUIntBE(size, idLength + 2, 6)
  return Buffer.concat([head.subarray(0, idLength + 8), ...content])
}

export function writeUnsigned(id: number, value: number): Buffer {
  const bytes = Buffer.alloc(6)
  bytes.writeUIntBE(value, 0, 6)
  return writeElement(id, bytes)
}
