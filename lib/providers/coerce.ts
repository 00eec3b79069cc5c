/**
 * Tolerant readers: panels send numbers as text, text as numbers, `null`, `""`, `"None"`, `[]` for `{}` and HTML entities
 * (protocols.md 8). A reader returns the value or null, and never throws.
 */
export type Row = Readonly<Record<string, unknown>>

const noText = new Set(['', 'none', 'null', 'n/a', 'undefined', 'nan'])

/** An object, or an empty one for everything else: PHP sends `[]` where it has no keys. */
export function toRow(value: unknown): Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : {}
}

/** A list, also when PHP sent it as an object keyed by index. */
export function toList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return typeof value === 'object' && value !== null ? Object.values(value) : []
}

/** A finite number; `"7,5"` counts as 7.5. */
export function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'string' || value.length > 40) return null
  const text = value.trim()
  if (text === '') return null
  const number = Number(text.includes(',') ? text.replace(',', '.') : text)
  return Number.isFinite(number) ? number : null
}

export function toInt(value: unknown): number | null {
  const number = toNumber(value)
  return number === null || Math.abs(number) > Number.MAX_SAFE_INTEGER ? null : Math.trunc(number)
}

/** True for 1, "1", true, "true", "yes"; everything unknown (`"None"`) is false. */
export function toFlag(value: unknown): boolean {
  return value === true || value === 1 || (typeof value === 'string' && /^(1|true|yes)$/i.test(value.trim()))
}

// Direction marks can turn a name around on screen; control characters have no business in one.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const unwanted = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g
const plain = /^[\x20-\x25\x27-\x7e]*$/

/** Trimmed text of at most `max` characters without control characters and with entities decoded once; null when empty. */
export function toText(value: unknown, max = 256): string | null {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') return null
  // Most names are plain ASCII: one test saves three passes, which counts at 200,000 rows.
  let text = value
  if (!plain.test(value)) {
    text = value.length > max * 8 ? value.slice(0, max * 8) : value
    if (text.includes('&')) text = decodeEntities(text)
    text = text.replace(unwanted, ' ').toWellFormed()
  }
  text = text.trim()
  if (text.length > max) text = text.slice(0, max).toWellFormed().trim()
  return text.length <= 9 && noText.has(text.toLowerCase()) ? null : text
}

/** An id of the provider as text: digits from numbers, trimmed text otherwise; null when there is none. */
export function toId(value: unknown): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null
  if (typeof value !== 'string') return null
  const text = value.trim()
  return text === '' || text.length > 64 ? null : text
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/** HTML entities decoded once (protocols.md 8, 26); unknown ones stay. */
export function decodeEntities(text: string): string {
  return text.replace(/&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,6});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return entities[name.toLowerCase()] ?? whole
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return code > 31 && code <= 0x10_ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : ' '
  })
}

// Dates outside are not dates: zero epochs, "0000-00-00", milliseconds taken for seconds.
const EARLIEST = 0
const LATEST = Date.UTC(2200, 0, 1)

/** Epoch seconds or milliseconds as number or text, or an ISO-like text, as Date; null for what is none (protocols.md 8, 5). */
export function toDate(value: unknown): Date | null {
  const number = toNumber(value)
  if (number !== null) return dateIn(number > 100_000_000_000 ? number : number * 1_000)
  const text = typeof value === 'string' ? value.trim() : ''
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return null
  const zoned = /[zZ]|[+-]\d{2}:?\d{2}$/.test(text) ? text : `${text.replace(' ', 'T')}${text.length > 10 ? 'Z' : ''}`
  return dateIn(Date.parse(zoned))
}

function dateIn(ms: number): Date | null {
  return ms > EARLIEST && ms < LATEST ? new Date(ms) : null
}

/** A year between 1880 and 2100 from a number or any text that holds one (`"2024-05-01"`, `"(2024)"`). */
export function toYear(value: unknown): number | null {
  const year = typeof value === 'number' ? value : Number(/(?:18|19|20)\d\d/.exec(String(value ?? ''))?.[0])
  return Number.isInteger(year) && year >= 1880 && year <= 2100 ? year : null
}

/** 0 to 10; `"N/A"`, 0 and nonsense are null. */
export function toRating(value: unknown): number | null {
  const number = toNumber(value)
  return number !== null && number > 0 && number <= 10 ? Math.round(number * 10) / 10 : null
}

/** Texts of a list, a single text, or a JSON text of a list (protocols.md 8, 48). */
export function toTexts(value: unknown): string[] {
  if (typeof value === 'string' && /^\s*\[/.test(value)) {
    try {
      return toTexts(JSON.parse(value))
    } catch {
      return []
    }
  }
  const all = typeof value === 'string' ? [value] : toList(value)
  return all.map(item => toText(item, 2_000)).filter(item => item !== null)
}

/** `"A, B / C"` as ["A", "B", "C"]; at most `max` parts. */
export function toParts(value: unknown, max = 20): string[] {
  const parts = typeof value === 'string' ? value.split(/[,;/|]/) : toList(value)
  const texts = parts.map(part => toText(part, 80)).filter(part => part !== null)
  return [...new Set(texts)].slice(0, max)
}

/** A http(s) address of a picture; everything else (data:, javascript:, relative, too long) is null. */
export function toPictureUrl(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 2_000) return null
  const text = value.trim()
  if (!/^https?:\/\/[^\s/]/i.test(text)) return null
  return text.includes(' ') ? text.replaceAll(' ', '%20') : text
}

/** Seconds from `duration_secs`, or from `HH:MM:SS`, or from a count of minutes. */
export function toSeconds(seconds: unknown, clock: unknown, minutes?: unknown): number | null {
  const exact = toInt(seconds)
  if (exact !== null && exact > 0) return exact
  const parts = typeof clock === 'string' ? clock.split(':').map(Number) : []
  if (parts.length >= 2 && parts.every(Number.isFinite)) {
    const total = parts.reduce((sum, part) => sum * 60 + part, 0)
    if (total > 0) return Math.round(total)
  }
  const count = toInt(minutes ?? clock)
  return count !== null && count > 0 && count < 6_000 ? count * 60 : null
}
