import { fold } from '@/lib/catalogue'
import { readMark, takeMarks } from './country-mark'

/** A channel's name reduced to what tells it from others. */
export interface ChannelName {
  /** Words without signs, accents, quality and country; letters and digits apart, number words as digits. */
  tokens: string[]
  /** The tokens in one: "BBC One", "BBC1" and "bbc 1 HD" are the same. */
  key: string
  country: string | null
  /** Hours behind its base channel: 1 for "+1", which is another channel than the one without. */
  late: number
  quality: Quality
}

export type Quality = 'sd' | 'hd' | '4k' | null

const qualities: Record<string, Quality> = { sd: 'sd', hd: 'hd', fhd: 'hd', hdtv: 'hd', uhd: '4k', '4k': '4k', '8k': '4k' }
const noise = new Set(
  'hevc h264 h265 x264 x265 raw vip backup alt lq hq hdr hdr10 dolby multi multisub fps 50fps 60fps 1080p 1080i 720p 720i 576p 576i 540p 480p 360p 2160p 3840p and the'.split(
    ' ',
  ),
)
const digits: Record<string, string> = {
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  ten: '10',
  eins: '1',
}
/** Short forms that no likeness of letters would tell. */
const shortForms: Record<string, string[]> = { natgeo: ['national', 'geographic'], nick: ['nickelodeon'] }

// A space between plus and number would be a first channel of "Canal+".
const late = /\+(\d{1,2})\s?(?:h|hrs?|hours?)?(?![\p{L}\p{N}])|(?<!canal ?)\bplus ?([12])(?![\p{L}\p{N}])/iu
const qualityBehind = /(?:[\s([|]+(?:hd|fhd|uhd|sd|4k|8k|hevc|h\.?26[45]|raw|(?:1080|720)[pi]|[56]0 ?fps)\+?[\s)\]|]*)+$/i
const remarks = /\[(?:geo-?blocked|not 24\/7|offline|backup)\]/gi
const apostrophes = /['’`´]/g

/** Reads what a provider or a guide calls a channel. */
export function readChannelName(name: string): ChannelName {
  // Small capitals such as ᴴᴰ become letters first.
  const plain = name.normalize('NFKC').replace(remarks, ' ')
  const found = late.exec(plain)
  const bare = (found === null ? plain : plain.replace(late, ' ')).trim()
  // The country may stand before the quality: "CNN US HD".
  const tail = qualityBehind.exec(bare)?.[0] ?? ''
  const { rest, country } = takeMarks(bare.slice(0, bare.length - tail.length))
  const { tokens, quality } = readWords(`${rest} ${tail}`)
  return { tokens, key: tokens.join(''), country, late: Number(found?.[1] ?? found?.[2] ?? 0), quality }
}

function readWords(text: string): Pick<ChannelName, 'tokens' | 'quality'> {
  const words = fold(
    text
      .replace(/hd\+/gi, 'hd')
      .replace(apostrophes, '')
      .replace(/\+/g, ' plus ')
      .replace(/h\.?26([45])/gi, 'h26$1'),
  ).split(' ')
  const quality = words.map(word => qualities[word]).findLast(found => found !== undefined) ?? null
  const kept = words.filter(word => word !== '' && !(word in qualities) && !noise.has(word))
  const tokens = (kept.length > 0 ? kept : words.filter(Boolean)).flatMap(splitWord)
  return { tokens: joinShortForms(tokens), quality }
}

/** "bbc1" is "bbc 1"; "one" is "1". */
function splitWord(word: string): string[] {
  return (word.match(/\d+|\D+/g) ?? []).map(part => digits[part] ?? part.replace(/^0+(?=\d)/, ''))
}

function joinShortForms(tokens: string[]): string[] {
  const joined: string[] = []
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? ''
    if (token === 'nat' && tokens[at + 1] === 'geo') {
      joined.push('national', 'geographic')
      at++
    } else joined.push(...(Object.hasOwn(shortForms, token) ? (shortForms[token] ?? []) : [token]))
  }
  return joined
}

export interface GuideId {
  /** Without case, signs and country: "BBC-1.uk" is "bbc1". A plus counts. */
  folded: string
  country: string | null
  /** What it says when it is read as a name: "BBCOneHD.uk" is "BBC One HD". Null for numbers, which name nothing. */
  name: ChannelName | null
}

const countryBehind = /\.([a-z]{2,3})$/i
const stationNumber = /^(?:i?\d{2,}|\d)$|schedulesdirect|zap2it/i

/** Reads the id of a channel in a guide, which is a name without blanks in most of them. */
export function readGuideId(id: string): GuideId {
  const whole = id.trim().replace(/@\w+$/, '')
  const found = countryBehind.exec(whole)
  const code = found === null ? undefined : (readMark(found[1] ?? '') ?? (found[1]?.toLowerCase() === 'ar' ? 'ar' : undefined))
  const bare = found === null || code === undefined ? whole : whole.slice(0, found.index)
  const folded = fold(bare.replace(/\+/g, 'plus').replace(/&/g, 'and')).replaceAll(' ', '')
  if (bare === '' || stationNumber.test(bare)) return { folded, country: code ?? null, name: null }
  const apart = bare
    .replace(/[._]+/g, ' ')
    .replace(/(\p{Ll}|\d(?!K))(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
  const name = readChannelName(apart)
  return { folded, country: code ?? null, name: { ...name, country: code ?? name.country } }
}
