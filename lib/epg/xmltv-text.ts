import { htmlEntities } from './html-entities'

// Control characters have no business in a text, and direction marks can turn it around on screen; the joiners of Persian and
// Indic scripts (U+200C, U+200D) stay.
const unwanted =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/g
/** Most texts need no mending: this one test finds out. */
const toMend =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/
/** Characters of a description that are kept; what is longer is a mistake of the guide. */
export const MAX_DESCRIPTION = 8_000
export const MAX_LINE = 300

function character(code: number): string {
  const isNone = code === 0 || code > 0x10_ffff || (code >= 0xd800 && code <= 0xdfff)
  return isNone ? ' ' : String.fromCodePoint(code)
}

/** Characters between `&` and `;` of the longest reference there is. */
const MAX_REFERENCE = 8

/** References decoded once; what is none, such as a bare `&`, stays. No entity of a document's own is ever known. */
export function decodeReferences(raw: string): string {
  let amp = raw.indexOf('&')
  if (amp < 0) return raw
  let text = ''
  let from = 0
  for (; amp >= 0; amp = raw.indexOf('&', amp + 1)) {
    const end = raw.indexOf(';', amp + 2)
    if (end < 0) break
    const known = end - amp - 1 <= MAX_REFERENCE ? referenced(raw.slice(amp + 1, end)) : null
    if (known === null) continue
    text += raw.slice(from, amp) + known
    from = end + 1
    amp = end
  }
  return text + raw.slice(from)
}

function referenced(name: string): string | null {
  if (name.charCodeAt(0) !== 35) return htmlEntities.get(name) ?? null
  if (/^#\d{1,7}$/.test(name)) return character(Number(name.slice(1)))
  return /^#[xX][0-9a-fA-F]{1,6}$/.test(name) ? character(Number.parseInt(name.slice(2), 16)) : null
}

/**
 * The text of an element as people read it: references decoded, no control characters, no indentation of the file, at most
 * `max` characters. Line breaks stay.
 */
export function toLines(raw: string, max: number): string {
  let text = decodeReferences(raw)
  if (toMend.test(text)) {
    text = text
      .replace(unwanted, ' ')
      .replace(/[ \t\r]*[\n\r]\s*/g, '\n')
      .replaceAll('\t', ' ')
  }
  text = text.trim()
  return text.length > max ? text.slice(0, max).toWellFormed().trimEnd() : text
}

/** The same on one line. */
export function toLine(raw: string, max = MAX_LINE): string {
  const text = toLines(raw, max)
  return text.includes('\n') ? text.replaceAll('\n', ' ') : text
}

/** Value of an attribute in the inside of a start tag; null when it is not there. Still with its references. */
export function attributeOf(tag: string, name: string): string | null {
  for (let at = tag.indexOf(name); at >= 0; at = tag.indexOf(name, at + 1)) {
    if (at === 0 || !isSpace(tag.charCodeAt(at - 1))) continue
    let next = skipSpace(tag, at + name.length)
    if (tag.charCodeAt(next) !== 61) continue
    next = skipSpace(tag, next + 1)
    const quote = tag.charCodeAt(next)
    if (quote !== 34 && quote !== 39) return /^[^\s>]*/.exec(tag.slice(next))?.[0] ?? ''
    const end = tag.indexOf(quote === 34 ? '"' : "'", next + 1)
    return end < 0 ? null : tag.slice(next + 1, end)
  }
  return null
}

export const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13)

function skipSpace(text: string, from: number): number {
  let at = from
  while (isSpace(text.charCodeAt(at))) at++
  return at
}
