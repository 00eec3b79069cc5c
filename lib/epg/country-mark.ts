/** Country marks of channel names and guide ids, each with the code we compare: what providers write is not always ISO. */
const codes =
  'ad ae af al am ao ar at au az ba bb bd be bg bh bo br by ca ch cl cn co cr cu cy cz de dk do dz ec ee eg es et fi fr ge gh gr gt hk hn hr ht hu id ie il in iq ir is it jm jo jp ke kh kr kw kz lb li lk lt lu lv ly ma mc md me mk mm mn mt mx my ng ni nl no np nz om pa pe ph pk pl pr ps pt py qa ro rs ru sa se sg si sk sn so sr sv sy th tn tr tt tw tz ua uk us uy uz ve vn xk ye za'
const countries = new Map(codes.split(' ').map(code => [code, code]))
for (const [mark, code] of Object.entries({
  gb: 'uk',
  eng: 'uk',
  usa: 'us',
  ger: 'de',
  deu: 'de',
  fra: 'fr',
  esp: 'es',
  ita: 'it',
  por: 'pt',
  pol: 'pl',
  tur: 'tr',
  can: 'ca',
  aus: 'au',
  ned: 'nl',
  swe: 'se',
  rou: 'ro',
  gre: 'gr',
  ind: 'in',
  bra: 'br',
  mex: 'mx',
  rus: 'ru',
  irl: 'ie',
})) {
  countries.set(mark, code)
}

/** Marks of languages and regions: no part of the name, and no country either. AR is Arabic more often than Argentina. */
const regions = new Set(['ar', 'en', 'eu', 'la', 'lat', 'exyu', 'afr', 'asia', 'int', 'ww', 'arb', 'kur', 'sp'])

/** These are words too: without a sign behind them they are part of a name. */
const words = new Set([
  'is',
  'it',
  'in',
  'no',
  'at',
  'be',
  'so',
  'me',
  'my',
  'am',
  'do',
  'de',
  'al',
  'la',
  'can',
  'ind',
  'int',
  'asia',
])

/** The country that a mark means, `null` for a region, `undefined` when it is no mark. */
export function readMark(mark: string): string | null | undefined {
  const folded = mark.toLowerCase()
  if (regions.has(folded)) return null
  return countries.get(folded)
}

export interface Marked {
  rest: string
  country: string | null
}

const inFront = /^[^\p{L}\p{N}]*([A-Za-z]{2,4})\s*(?:[\])}|:>/★✦●◉▎┃•]+|\s[-–—]\s)\s*(?=\S)/u
const bareInFront = /^\s*([A-Z]{2,4})\s+(?=\S)/
const qualityInFront = /^[^\p{L}\p{N}]*(?:4k|8k|uhd|fhd|hd|sd|vip|hevc|raw)\s*[\])}|:>★●▎┃•]+\s*(?=\S)/iu
const inBrackets = /[\s._]*[([|]\s*([A-Za-z]{2,4})\s*[)\]|]\s*$/
const bareBehind = /(?<=\S)\s+([A-Z]{2,3})\s*$/

/** Takes country marks off a name: "UK: BBC One", "|DE| RTL", "4K | FR | TF1", "Sky News (UK)", "CNN US". */
export function takeMarks(name: string): Marked {
  let rest = name
  let country: string | null = null
  for (let round = 0; round < 3; round++) {
    rest = rest.replace(qualityInFront, '')
    const found = inFront.exec(rest) ?? bareMark(bareInFront.exec(rest))
    const code = found === null ? undefined : readMark(found[1] ?? '')
    if (found === null || code === undefined) break
    rest = rest.slice(found[0].length)
    country = code ?? country
  }
  const behind = inBrackets.exec(rest) ?? bareMark(bareBehind.exec(rest))
  const code = behind === null ? undefined : readMark(behind[1] ?? '')
  if (behind === null || code === undefined || behind.index === 0) return { rest, country }
  return { rest: rest.slice(0, behind.index), country: country ?? code }
}

const bareMark = (found: RegExpExecArray | null) => (found !== null && words.has((found[1] ?? '').toLowerCase()) ? null : found)
