type Page = readonly [name: string, letters: string]

/**
 * Code pages of Windows with the letters that are common in their languages and stand elsewhere, or nowhere, in the other pages.
 * The first of equals is taken.
 */
const accented: readonly Page[] = [
  ['windows-1252', 'éèàùâêîôûçëïäöüßñáíóúãõåøæ¿¡œÉÀÖÄÜÅØ'],
  ['windows-1250', 'ąćęłńóśźżŁŚŻčďěňřšťůžýáéíľőűúăâîşţđŠŽČäöüß'],
  ['windows-1254', 'şğıçöüİŞâÇÖÜ'],
  ['windows-1257', 'āčēģīķļņšūžąęėįųõäöü'],
]
/** Those of other scripts, in which whole words stand above ASCII. */
const foreign: readonly Page[] = [
  ['windows-1251', 'оеаинтсрвлкмдпуіяы'],
  ['windows-1253', 'αοιετσνηρυςπάίόή'],
  ['windows-1255', 'יוהלאמרתבשנחםעד'],
  ['windows-1256', 'اليمونرتبةعدسفهحكق'],
]
/** Typographer's marks, which stand in the same place in all of them. */
const marks = '‘’“”„…–—•«»°©®™\u00a0'
/** As much as it takes to tell the languages apart. */
const SAMPLE_BYTES = 60_000

/** Text of unknown encoding: what its mark says, else UTF-16 or UTF-8 where it can be that, else the likeliest page of Windows. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes)
}

function encodingOf(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  const sample = bytes.subarray(0, SAMPLE_BYTES)
  // Line breaks and digits of UTF-16 have a zero on one side, always the same.
  const zeros = [0, 1].map(side => sample.filter((value, at) => at % 2 === side && value === 0).length)
  const [even = 0, odd = 0] = zeros
  if (even + odd > sample.length / 20) return even > odd ? 'utf-16be' : 'utf-16le'
  if (isUtf8(bytes)) return 'utf-8'
  const high = sample.filter(value => value >= 0x80)
  const neighbours = sample.filter((value, at) => value >= 0x80 && (sample[at + 1] ?? 0) >= 0x80)
  const pages = neighbours.length > high.length / 2 ? foreign : accented
  const scored = pages.map(([name, letters]) => ({ name, score: scoreOf(new TextDecoder(name).decode(high), letters) }))
  return scored.reduce((best, each) => (each.score > best.score ? each : best)).name
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

function scoreOf(text: string, letters: string): number {
  let score = 0
  for (const letter of text) if (!marks.includes(letter)) score += letters.includes(letter) ? 1 : -1
  return score
}
