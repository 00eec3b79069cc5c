/** Where the letters of a language stand instead of those of the Latin set (EN 300 706, 15.6.2). */
const PLACES = '#$@[\\]^_`{|}~'
/** By the three bits of a page's header, the last of them first. */
const national = [
  '£$@←½→↑#—¼‖¾÷',
  'éïàëêùî#èâôûç',
  '#¤ÉÄÖÅÜ_éäöåü',
  '#ůčťžýířéáěúš',
  '#$§ÄÖÜ^_°äöüß',
  'ç$¡áéíóú¿üñèà',
  '£$é°ç→↑#ùàòèì',
]
/** The set of additional letters, from 0x20 on; its fifth row holds accents (15.6.3). */
const supplementary = ' ¡¢£$¥#§¤‘“«←↑→↓°±²³×µ¶·÷’”»¼½¾¿                ―¹®©™♪₠‰α   ⅛⅜⅝⅞ΩÆÐªĦ ĲĿŁØŒºÞŦŊŉĸæđðħıĳŀłøœßþŧŋ■'
/** What stands above or below a letter, as marks that join it; by four bits. */
const accents = [
  ...['', '\u0300', '\u0301', '\u0302', '\u0303', '\u0304', '\u0306', '\u0307'],
  ...['\u0308', '\u0323', '\u030a', '\u0327', '\u0332', '\u030b', '\u0328', '\u030c'],
]

/** A letter of the language that a page says it is in. `code` has seven bits. */
export function letterOf(code: number, language: number): string {
  // Colours, sizes and boxes take the place of a letter.
  if (code < 0x20) return ' '
  if (code === 0x7f) return '■'
  const plain = String.fromCharCode(code)
  const at = PLACES.indexOf(plain)
  return at === -1 ? plain : ([...(national[language] ?? '')][at] ?? plain)
}

export const supplementaryLetter = (code: number): string => [...supplementary][code - 0x20] ?? ' '

/** A letter with an accent; `accent` has four bits. */
export const accentedLetter = (code: number, accent: number): string =>
  `${String.fromCharCode(code)}${accents[accent] ?? ''}`.normalize('NFC')
