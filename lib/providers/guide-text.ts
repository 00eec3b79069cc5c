/** Control characters other than tab, CR, LF: no text of a guide has them, bytes of a wrongly decoded word do. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

/**
 * A guide text that is base64 on most panels and plain on some (protocols.md 2.7): decoded only when it is the alphabet,
 * valid UTF-8 without control characters, and encodes back to itself; otherwise the text as it came. Null for no text.
 */
export function decodeGuideText(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const text = value.replace(/\s+/g, '')
  if (text === '') return ''
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text) || text.replace(/=+$/, '').length % 4 === 1) return value
  const standard = text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '')
  const bytes = Buffer.from(standard, 'base64')
  try {
    const decoded = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const isSame = bytes.toString('base64').replace(/=+$/, '') === standard
    return isSame && !control.test(decoded) ? decoded : value
  } catch {
    return value
  }
}
