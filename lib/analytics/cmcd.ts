/** What a player says with one request: Common Media Client Data, CTA-5004. Durations in ms, rates in kbit/s. */
export interface ClientData {
  /** Buffer, rate and duration of what is asked for, deadline, measured throughput, speed, throughput wished, best rate there is. */
  bl?: number
  br?: number
  d?: number
  dl?: number
  mtp?: number
  pr?: number
  rtp?: number
  tb?: number
  /** The buffer ran dry since the last request; this one is for the start. */
  bs?: true
  su?: true
  /** Kind of what is asked for, of playlist, and whether it is live: tokens of the standard. */
  ot?: string
  sf?: string
  st?: string
  /** What the player calls its session and the content: never who or what it is to us. */
  sid?: string
  cid?: string
}

type NumberKey = keyof typeof largest

/** More than any player has to say; the whole is left aside, because half of a number is another number. */
const MAX_LENGTH = 1_000

const DAY_MS = 86_400_000
const largest = {
  bl: DAY_MS,
  br: 1_000_000,
  d: 600_000,
  dl: DAY_MS,
  mtp: 100_000_000,
  pr: 100,
  rtp: 100_000_000,
  tb: 1_000_000,
} as const
const tokens: Readonly<Record<string, ReadonlySet<string>>> = {
  ot: new Set(['m', 'a', 'v', 'av', 'i', 'c', 'tt', 'k', 'o']),
  sf: new Set(['d', 'h', 's', 'o']),
  st: new Set(['v', 'l']),
}
const names = new Set(['sid', 'cid'])
const flags = new Set(['bs', 'su'])

/** Commas part the pairs, except within quotes. */
const PAIRS = /(?:[^",]|"(?:[^"\\]|\\.)*"?)+/g
const NUMBER = /^\d{1,9}(?:\.\d{1,6})?$/
/** Strings of the standard are printable ASCII; the database has no place for a NUL. */
const QUOTED = /^"((?:[ !#-[\]-~]|\\["\\]){1,64})"$/

/** Reads the decoded argument, or the headers joined by commas. Unknown and malformed keys are left out; null when nothing is left. */
export function parseClientData(text: string): ClientData | null {
  if (text.length > MAX_LENGTH) return null
  const found: Record<string, string | number | true> = {}
  for (const [pair] of text.matchAll(PAIRS)) {
    const at = pair.indexOf('=')
    const key = (at < 0 ? pair : pair.slice(0, at)).trim()
    const value = readValue(key, at < 0 ? null : pair.slice(at + 1).trim())
    if (value !== null) found[key] = value
  }
  return Object.keys(found).length === 0 ? null : (found as ClientData)
}

function readValue(key: string, text: string | null): string | number | true | null {
  if (flags.has(key)) return text === null || text === 'true' || text === '?1' ? true : null
  if (text === null) return null
  if (Object.hasOwn(largest, key)) {
    const value = Number(text)
    return NUMBER.test(text) && value <= largest[key as NumberKey] ? value : null
  }
  if (names.has(key)) return QUOTED.exec(text)?.[1]?.replace(/\\(.)/g, '$1') ?? null
  return Object.hasOwn(tokens, key) && tokens[key]?.has(text) ? text : null
}
