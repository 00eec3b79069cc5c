import { SECOND } from '@/lib/kernel/time'
import type { Failure } from './failure'
import type { PlayerSnapshot } from './player-snapshot'
import type { OpenWish } from './session-open'

/** After this much undisturbed picture an old failure is forgotten. */
export const FORGIVEN_AFTER = 20 * SECOND

/** However the failures change from one try to the next, they end. */
const MOST_TRIES = 4

/** A server or network that is away comes back by itself: about 50 s of tries. */
const AWAY_TRIES = 12
const LONGEST_PAUSE = 5 * SECOND

/** Another way to play the same: as before, from another source, in the smallest picture, or made anew by the server. */
type Rung = 'again' | 'source' | 'lower' | 'convert'

export interface NextTry {
  wish: OpenWish
  /** Ms to wait before it. */
  delay: number
}

/** The bytes came, and this browser cannot make a picture of them. Where the server says so itself it has thought of converting. */
const isDecode = ({ code, detail, say }: Failure) => (code === 'CODEC_UNSUPPORTED' && say === null) || detail === 'media 3'
/** The server can make nothing of this source for this browser. */
const isRefused = ({ code, say }: Failure) =>
  code === 'FILM_FORMAT' || code === 'FILM_BROKEN' || code === 'KEY_WRONG' || (code === 'CODEC_UNSUPPORTED' && say !== null)
/** Fewer bytes may get through where many do not. */
const isSlow = ({ code }: Failure) => code === 'UPSTREAM_STALLED' || code === 'UPSTREAM_TIMEOUT'
/** What the server writes anew is in order again. */
const isBroken = ({ code }: Failure) => code === 'UPSTREAM_PROTOCOL_ERROR' || code === 'PLAYLIST_INVALID'

type Facts = Pick<PlayerSnapshot, 'session' | 'choices'>

function findOther({ session }: Facts): number | null {
  return session?.sources.find(source => source.id !== session.sourceId && !source.failing)?.id ?? null
}

/** What is tried, in this order, before a viewer reads of a failure. The server has walked its own list by then. */
function listRungs(failure: Failure, wish: OpenWish, facts: Facts): readonly Rung[] {
  const convert = wish.convert === undefined ? (['convert'] as const) : []
  const source = findOther(facts) === null ? [] : (['source'] as const)
  if (isDecode(failure)) return [...convert, ...source]
  if (isRefused(failure)) return source
  if (!failure.retryable) return []
  const lower = isSlow(failure) && facts.choices.qualities.length > 1 && !wish.lowest ? (['lower'] as const) : []
  return ['again', ...(source.length > 0 ? source : (['again'] as const)), ...lower, ...(isBroken(failure) ? convert : [])]
}

function wishFor(rung: Rung, wish: OpenWish, facts: Facts): OpenWish {
  if (rung === 'convert') return { ...wish, convert: 'all' }
  if (rung === 'lower') return { ...wish, lowest: true }
  const other = findOther(facts)
  return rung === 'source' && other !== null ? { ...wish, sourceId: other } : wish
}

/** The next try after so many; null when there is none left and the viewer has to be told. */
export function nextTry(failure: Failure, tried: number, made: { wish: OpenWish; facts: Facts }): NextTry | null {
  const { wish, facts } = made
  if (failure.code === 'UNAVAILABLE')
    return tried < AWAY_TRIES ? { wish, delay: Math.min(LONGEST_PAUSE, 0.5 * SECOND * 2 ** tried) } : null
  const rungs = listRungs(failure, wish, facts)
  // What cannot be decoded is not tried again as it is: the first way left is the next one, whatever was tried before.
  const rung = tried < MOST_TRIES ? rungs[isDecode(failure) ? 0 : tried] : undefined
  if (rung === undefined) return null
  const delay = rung === 'convert' ? 0 : 0.5 * SECOND * 2 ** Math.min(tried, 1) + (tried === 0 ? 0 : 0.5 * SECOND)
  return { wish: wishFor(rung, wish, facts), delay }
}
