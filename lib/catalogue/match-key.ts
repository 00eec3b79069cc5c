/** Anything that is neither a letter nor a digit of any script. */
const separators = /[^\p{L}\p{N}]+/gu
const marks = /\p{M}+/gu
const ascii = /^[\x20-\x7e]*$/
const asciiSeparators = /[^a-z0-9]+/g
const article = /^(?:the|a|an) (?=\S)/

// Letters that have no decomposition but are typed without their stroke.
const special: Record<string, string> = { ø: 'o', đ: 'd', ð: 'd', ł: 'l', ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th', ı: 'i' }
const specials = /[øđðłßæœþı]/g

/** Lower case, without accents, words separated by single blanks: what names are compared and searched by. */
export function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase().replace(asciiSeparators, ' ').trim()
  return text
    .normalize('NFKD')
    .replace(marks, '')
    .toLowerCase()
    .replace(specials, letter => special[letter] ?? letter)
    .replace(separators, ' ')
    .trim()
}

/** The folded name without a leading article; a name of signs only sorts by itself. */
export function toSortName(name: string): string {
  const folded = fold(name)
  return folded.replace(article, '') || name.toLowerCase()
}

// "UK | ", "UK: ", "|EN| ", "[DE] ", "US - ": what providers put in front to tell countries apart.
const region = /^\s*(?:[|[(]\s*[A-Z]{2,3}\s*[|\])]|[A-Z]{2,3}\s*(?:[|:]|\s-\s))\s*/
const quality =
  /\b(?:uhd|fhd|hd|sd|4k|8k|hevc|h ?26[45]|x26[45]|raw|vip|backup|alt|50 ?fps|60 ?fps|1080[pi]|720[pi]|2160p|hdr|dolby|multi ?sub)\b/g
const trailingYear = /\s*[([]?\b((?:18|19|20)\d\d)\b[)\]]?\s*$/

/** "Title (2024)" without the year, and the year; null when there is none or nothing would be left. */
export function splitYear(name: string): { title: string; year: number | null } {
  const found = trailingYear.exec(name)
  if (!found || found.index === 0) return { title: name, year: null }
  return { title: name.slice(0, found.index), year: Number(found[1]) }
}

/**
 * A name reduced to what identifies the thing across providers: no country prefix, no quality marks, no accents or
 * article; for movies and series with the year, since titles repeat.
 */
export function toMatchKey(kind: 'channel' | 'movie' | 'series' | 'episode', name: string, year: number | null): string {
  const bare = name.replace(region, '') || name
  if (kind === 'channel') return reduce(bare) || fold(name) || name
  const split = splitYear(bare)
  const key = reduce(split.title) || fold(name) || name
  const when = year ?? split.year
  return when === null ? key : `${key} ${when}`
}

function reduce(name: string): string {
  const folded = fold(name).replace(article, '')
  const without = folded.replace(quality, ' ')
  return without === folded ? folded : without.replace(/ {2,}/g, ' ').trim()
}
