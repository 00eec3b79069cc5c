import { AppError } from '@/lib/kernel/errors'

export interface RowLimits {
  /** Most bytes of body. */
  maxBytes: number
  /** Most rows. */
  maxRows: number
}

/** Largest list we take: far above 200 MB catalogues seen in the field, far below what would fill a disk. */
export const listLimits: RowLimits = { maxBytes: 1_073_741_824, maxRows: 2_000_000 }

/** Bytes in front of the first bracket: PHP warnings are a few hundred, web pages without any JSON end here. */
const MAX_PREAMBLE_BYTES = 65_536
/** One row of a list is a few kilobytes; beyond this it is not a row (also stops endless nesting). */
const MAX_ROW_BYTES = 1_048_576

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

const bad = (message: string) => new AppError('PROVIDER_BAD_RESPONSE', { message })

interface Scan {
  depth: number
  inText: boolean
  escaped: boolean
  /** The outermost bracket is `{`: rows are its values and have keys between them. */
  keyed: boolean
  /** Where the row that is being read begins in the buffer at hand, -1 between rows. */
  start: number
}

/**
 * Reads a huge JSON list from bytes to batches of rows with flat memory: finds where rows end and lets JSON.parse do the
 * rest, batch by batch. Text before the first bracket (PHP warnings) is skipped; an object keyed by index counts as a
 * list; `null`, `[]` and `{}` are empty lists; a row that is not JSON arrives as null.
 * @throws PROVIDER_BAD_RESPONSE for a body without a list, and after the rows so far for one that is cut short;
 * CATALOGUE_LIMIT beyond the limits; whatever the source fails with
 */
export async function* readJsonRows(source: AsyncIterable<Buffer>, limits: RowLimits = listLimits): AsyncGenerator<unknown[]> {
  const scan: Scan = { depth: 0, inText: false, escaped: false, keyed: false, start: -1 }
  let rest: Buffer | null = null
  let bytes = 0
  let rows = 0
  let started = false
  for await (const chunk of source) {
    bytes += chunk.length
    if (bytes > limits.maxBytes) throw new AppError('CATALOGUE_LIMIT')
    const buffer: Buffer = rest ? Buffer.concat([rest, chunk]) : chunk
    let from = rest?.length ?? 0
    if (!started) {
      from = findList(buffer)
      if (from < 0) {
        if (buffer.length > MAX_PREAMBLE_BYTES) throw bad('no list in the body')
        rest = buffer
        continue
      }
      started = true
    }
    const { batch, keepFrom } = takeRows(buffer, from, scan)
    rows += batch.length
    if (rows > limits.maxRows) throw new AppError('CATALOGUE_LIMIT')
    if (batch.length > 0) yield batch
    if (started && scan.depth === 0) return
    rest = keepFrom < buffer.length ? buffer.subarray(keepFrom) : null
    if (rest && rest.length > MAX_ROW_BYTES) throw bad('a row without an end')
  }
  if (!started) {
    if (rest && /^\s*null\s*$/.test(rest.toString('latin1', 0, 64))) return
    throw bad(`no list in the body of ${bytes} bytes`)
  }
  throw bad('the list was cut short')
}

/** Where the list begins: a bracket followed by what a list or object can begin with, so that prose does not count. */
function findList(buffer: Buffer): number {
  const head = buffer.toString('latin1', 0, MAX_PREAMBLE_BYTES)
  const match = /\[(?=\s*[[{\]])|\{(?=\s*["}])/.exec(head)
  return match ? match.index : -1
}

/** Scans from `from`, returns the complete rows and from where bytes must be kept for the next chunk. */
function takeRows(buffer: Buffer, from: number, scan: Scan): { batch: unknown[]; keepFrom: number } {
  const ends: number[] = []
  const starts: number[] = []
  let { depth, inText, escaped, start } = scan
  const length = buffer.length
  for (let at = from; at < length; at++) {
    const byte = buffer[at]
    if (inText) {
      if (escaped) escaped = false
      else if (byte === QUOTE) inText = false
      else if (byte === BACKSLASH) escaped = true
    } else if (byte === QUOTE) inText = true
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      if (depth === 0) scan.keyed = byte === OPEN_OBJECT
      else if (depth === 1) start = at
      depth++
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      depth--
      if (depth === 1 && start >= 0) {
        starts.push(start)
        ends.push(at + 1)
        start = -1
      } else if (depth === 0) break
    }
  }
  const keepFrom = start >= 0 ? start : length
  Object.assign(scan, { depth, inText, escaped, start: start >= 0 ? 0 : -1 })
  return { batch: parseBatch(buffer, { starts, ends }, scan.keyed), keepFrom }
}

function parseBatch(buffer: Buffer, found: { starts: number[]; ends: number[] }, keyed: boolean): unknown[] {
  const first = found.starts[0]
  const last = found.ends.at(-1)
  if (first === undefined || last === undefined) return []
  if (!keyed) {
    // Neighbouring rows with the commas between them are a list already: one call instead of hundreds.
    const list = tryParse(`[${buffer.toString('utf8', first, last)}]`)
    if (Array.isArray(list)) return list
  }
  return found.starts.map((start, index) => tryParse(buffer.toString('utf8', start, found.ends[index])))
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/**
 * One JSON document from a small body; text in front of it is skipped. Null for JSON null.
 * @throws PROVIDER_BAD_RESPONSE
 */
export function parseJsonBody(body: Buffer): unknown {
  const text = body.toString('utf8')
  const trimmed = text.trim()
  if (trimmed === 'null') return null
  const start = findList(body)
  if (start < 0) throw bad(`no JSON in the body of ${body.length} bytes`)
  // `findList` counts bytes of the Latin-1 reading; in front of the bracket both readings find the same character.
  const json = body.toString('utf8', start).trim()
  const parsed = tryParse(json) ?? tryParse(json.slice(0, Math.max(json.lastIndexOf('}'), json.lastIndexOf(']')) + 1))
  if (parsed === null) throw bad('the JSON is broken')
  return parsed
}
