export type RangeRequest =
  | { kind: 'whole' }
  | { kind: 'part'; header: string; start: number; end: number | null }
  | { kind: 'tail'; header: string; length: number }
  | { kind: 'invalid' }

/**
 * Reads a Range header. Units other than bytes are ignored, as the standard asks; several ranges at once, which only
 * attackers and a few download tools send, and nonsense are invalid (416).
 */
export function parseRange(header: string | undefined): RangeRequest {
  if (header === undefined) return { kind: 'whole' }
  const [, unit = '', set = ''] = /^\s*([a-z-]+)\s*=\s*(.*?)\s*$/i.exec(header) ?? []
  if (unit !== '' && unit.toLowerCase() !== 'bytes') return { kind: 'whole' }
  const [, first, last] = /^(\d{0,15})-(\d{0,15})$/.exec(set) ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return { kind: 'invalid' }
  if (first === '') {
    const length = Number(last)
    return length === 0 ? { kind: 'invalid' } : { kind: 'tail', header: `bytes=-${length}`, length }
  }
  const start = Number(first)
  const end = last === '' ? null : Number(last)
  if (end !== null && end < start) return { kind: 'invalid' }
  return { kind: 'part', header: `bytes=${start}-${end ?? ''}`, start, end }
}

/** Reads a Content-Range header; `total` is null when the server does not know it. Null when it makes no sense. */
export function parseContentRange(header: string | undefined): { start: number; end: number; total: number | null } | null {
  const [, first, last, size] = /^\s*bytes\s+(\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)\s*$/i.exec(header ?? '') ?? []
  if (first === undefined || last === undefined || size === undefined) return null
  const [start, end, total] = [Number(first), Number(last), size === '*' ? null : Number(size)]
  return start > end || (total !== null && end >= total) ? null : { start, end, total }
}
