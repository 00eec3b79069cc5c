import type { Airing } from '@/lib/epg'
import { HOUR, MINUTE } from '@/lib/kernel/time'
import { episodeOf, isTimeKey, keyOf } from './identity'

/** Programmes move by minutes, after overtime by an hour; farther away it is another one, unless its episode says otherwise. */
const NEAR_MS = 90 * MINUTE
const SAME_EPISODE_MS = 24 * HOUR
/** Most programmes that one reminder waits for at once: the next ones (`MAX_SHOWN` of reminders.ts shows as many). */
const MAX_AIRINGS = 20

/** A programme that a reminder already stands for. */
export interface KnownAiring {
  id: number
  itemId: number
  key: string
  subTitle: string | null
  start: Date
  stop: Date
  fired: boolean
}

export interface WantedAiring extends Pick<Airing, 'itemId' | 'title' | 'subTitle' | 'start' | 'stop'> {
  key: string
}

export interface AiringChanges {
  added: WantedAiring[]
  moved: (WantedAiring & { id: number })[]
  /** Not fired, and not in the guide any more. */
  gone: number[]
}

/** The span of the guide that was looked at. */
interface Sight {
  now: Date
  /** Nothing is known from here on; null: all is. */
  until: Date | null
}
const everything: Sight = { now: new Date(0), until: null }

const sameTime = (a: Date, b: Date) => a.getTime() === b.getTime()
const isElsewhere = (from: KnownAiring, to: WantedAiring) => !sameTime(from.start, to.start) || from.itemId !== to.itemId
const isOther = (from: KnownAiring, to: WantedAiring) => !sameTime(from.stop, to.stop) || from.subTitle !== to.subTitle
const distance = (a: { start: Date }, b: { start: Date }) => Math.abs(a.start.getTime() - b.start.getTime())
const nearest = <T extends { start: Date }>(to: { start: Date }, found: readonly T[], within: number): T | undefined =>
  found
    .filter(one => distance(one, to) <= within)
    .reduce<T | undefined>((best, one) => (best && distance(best, to) <= distance(one, to) ? best : one), undefined)

/**
 * The programme that a single reminder means, in what the guide has under its title on its channel: the same episode wherever
 * it went within a day; else the one that stands at its time; else the nearest that is no other episode.
 */
export function findMoved(programme: { start: Date; episode: string | null }, found: readonly Airing[]): Airing | undefined {
  const { episode } = programme
  const sameEpisode = found.filter(airing => episode !== null && episodeOf(airing) === episode)
  const unknown = found.filter(airing => episode === null || episodeOf(airing) === null)
  return (
    nearest(programme, sameEpisode, SAME_EPISODE_MS) ??
    found.find(airing => distance(airing, programme) === 0) ??
    nearest(programme, unknown, NEAR_MS)
  )
}

/** One of each programme: the first time at which a new episode is on. */
export function onlyFirst(found: readonly Airing[]): WantedAiring[] {
  const byKey = new Map<string, WantedAiring>()
  for (const airing of found) {
    const key = keyOf(airing)
    const { itemId, title, subTitle, start, stop } = airing
    if (!byKey.has(key)) byKey.set(key, { key, itemId, title, subTitle, start, stop })
  }
  return [...byKey.values()]
}

/**
 * What changes when a guide was read again. A programme without an episode is known by its time alone: one that went and one
 * that came near it on the same channel are the same, so that a shift of ten minutes is not a second message. What is on at
 * `now` stays what it is: it does not become the next one of its title.
 */
export function matchAirings(
  known: readonly KnownAiring[],
  wanted: readonly WantedAiring[],
  { now, until } = everything,
): AiringChanges {
  const isSeen = ({ start }: { start: Date }) => until === null || start < until
  const byKey = new Map(known.map(one => [one.key, one]))
  const kept = new Set<number>()
  const moved: AiringChanges['moved'] = []
  const fresh: WantedAiring[] = []
  for (const want of wanted) {
    const same = byKey.get(want.key)
    if (!same) fresh.push(want)
    else {
      kept.add(same.id)
      const isOn = same.start <= now && same.stop > now
      if (isElsewhere(same, want) ? !same.fired && !isOn : isOther(same, want)) moved.push({ ...want, id: same.id })
    }
  }
  const added: WantedAiring[] = []
  for (const want of fresh) {
    const left = known.filter(
      one => !kept.has(one.id) && one.start > now && isSeen(one) && isTimeKey(one.key) && one.itemId === want.itemId,
    )
    const was = isTimeKey(want.key) ? nearest(want, left, NEAR_MS) : undefined
    if (was) {
      kept.add(was.id)
      moved.push({ ...want, id: was.id })
    } else added.push(want)
  }
  const left = known.filter(one => !one.fired && !kept.has(one.id))
  const waiting = known.filter(one => !one.fired && !left.includes(one))
  // What comes before others that are waited for already is not left out for them.
  const isNext = ({ start }: WantedAiring, at: number) => at + waiting.filter(one => one.start <= start).length < MAX_AIRINGS
  return { added: added.filter(isNext), moved, gone: left.filter(isSeen).map(({ id }) => id) }
}
