import type { ChannelName } from './channel-name'

/** Words that many names add or leave out; alone they tell no channel from another. */
const weakWords = new Set(['tv', 'channel', 'kanal', 'canal', 'network', 'television', 'tele', 'live'])

export interface Likeness {
  /** 0..1 */
  score: number
  /** Nothing that tells channels apart stands in one name only. */
  isWhole: boolean
}

const nothing: Likeness = { score: 0, isWhole: false }

/**
 * How alike two names are. Numbers tell channels apart like no other word, so that names with different numbers are never
 * whole; neither are names of which one has a word more ("Sky Cinema", "Sky Cinema Hits").
 */
export function likenessOf(a: ChannelName, b: ChannelName, weightOf: (token: string) => number): Likeness {
  if (a.late !== b.late) return nothing
  const paired = pairTokens(a.tokens, b.tokens)
  const left = [...paired.onlyA, ...paired.onlyB]
  const hasNumbers = left.some(isNumber)
  const weight = (token: string) => (weakWords.has(token) ? 0.3 : 1) * weightOf(token)
  let same = 0
  let all = 0
  for (const { token, likeness } of paired.pairs) {
    same += 2 * likeness * weight(token)
    all += 2 * weight(token)
  }
  for (const token of left) all += weight(token)
  const words = all === 0 ? 0 : same / all
  const letters = trigramLikeness(a.key, b.key)
  const score = Math.min(0.99, Math.max(words, (words + letters) / 2))
  const isWhole = left.every(token => weakWords.has(token)) && same > 0
  if (!hasNumbers) return { score, isWhole }
  // "ITV" is "ITV 1" to some; "Sky Sports 1" is never "Sky Sports 2".
  const isFirst = left.every(token => token === '1' || weakWords.has(token))
  return { score: Math.min(score, isFirst ? 0.7 : 0.35), isWhole: false }
}

const isNumber = (token: string) => token.charCodeAt(0) <= 57 && /^\d+$/.test(token)

interface Pairing {
  pairs: { token: string; likeness: number }[]
  onlyA: string[]
  onlyB: string[]
}

function pairTokens(a: readonly string[], b: readonly string[]): Pairing {
  const rest = [...b]
  const pairs: Pairing['pairs'] = []
  const open: string[] = []
  for (const token of a) {
    const at = rest.indexOf(token)
    if (at < 0) open.push(token)
    else {
      rest.splice(at, 1)
      pairs.push({ token, likeness: 1 })
    }
  }
  const onlyA: string[] = []
  for (const token of open) {
    const at = rest.findIndex(other => isTypo(token, other))
    if (at < 0) onlyA.push(token)
    else {
      rest.splice(at, 1)
      pairs.push({ token, likeness: 0.9 })
    }
  }
  return { pairs, onlyA, onlyB: rest }
}

/** One letter more, less, other or changed with its neighbour, in words long enough that this is no other word. */
export function isTypo(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  if (short.length < 5 || long.length - short.length > 1 || short[0] !== long[0]) return false
  let at = 0
  while (at < short.length && short[at] === long[at]) at++
  if (long.length > short.length) return short.slice(at) === long.slice(at + 1)
  if (short.slice(at + 1) === long.slice(at + 1)) return true
  return short[at] === long[at + 1] && short[at + 1] === long[at] && short.slice(at + 2) === long.slice(at + 2)
}

/** Share of letter triples that both have. */
export function trigramLikeness(a: string, b: string): number {
  const ours = trigramsOf(a)
  const theirs = trigramsOf(b)
  let same = 0
  for (const trigram of ours) if (theirs.has(trigram)) same++
  return (2 * same) / (ours.size + theirs.size)
}

function trigramsOf(text: string): Set<string> {
  const padded = ` ${text} `
  const found = new Set<string>()
  for (let at = 0; at + 3 <= padded.length; at++) found.add(padded.slice(at, at + 3))
  return found
}
