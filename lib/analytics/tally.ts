import type { ClientData } from './cmcd'

/** What the requests of one session have added up to. Times in ms on one clock, rates in kbit/s. */
export interface Tally {
  firstAt: number
  lastAt: number
  /** Playing time of what was asked for. */
  pictureMs: number
  soundMs: number
  stalls: number
  stalledAt: number
  bitrate: number
  bitrateSwitches: number
  /** Ms until requests were no longer urgent; null where the first was not, or all are. */
  startMs: number | null
  isStarting: boolean
  /** Measured last; null while none is told. */
  throughput: number | null
  session: string | null
}

/** Picture and sound are asked for apart and both tell of the same halt. */
const ONE_STALL_MS = 1_000

/** Adds one request. Answers the same tally, or null as before, when it says nothing that counts. */
export function addRequest(before: Tally | null, data: ClientData, at: number): Tally | null {
  const { ot = 'av', d = 0, br = 0, bs = false, su = false } = data
  const isPicture = ot === 'v' || ot === 'av'
  const isMedia = isPicture || ot === 'a'
  if (!bs && !(isMedia && d + br > 0)) return before
  const tally: Tally = before === null ? begin(at, su) : { ...before, lastAt: at }
  tally.throughput = data.mtp ?? tally.throughput
  tally.session = data.sid ?? tally.session
  if (tally.isStarting && isMedia && !su) {
    tally.startMs = Math.round(at - tally.firstAt)
    tally.isStarting = false
  }
  if (isPicture) tally.pictureMs += d
  else if (ot === 'a') tally.soundMs += d
  if (bs && at - tally.stalledAt >= ONE_STALL_MS) {
    tally.stalls++
    tally.stalledAt = at
  }
  // Sound has a rate to tell only where there is no picture.
  if (br > 0 && (isPicture || (ot === 'a' && tally.pictureMs === 0))) {
    if (tally.bitrate > 0 && tally.bitrate !== br) tally.bitrateSwitches++
    tally.bitrate = br
  }
  return tally
}

/** Ms watched: what was asked for, but no more than the time that has passed meanwhile, because players ask ahead. */
export function watchedIn({ firstAt, lastAt, pictureMs, soundMs }: Tally): number {
  return Math.round(Math.min(Math.max(pictureMs, soundMs), lastAt - firstAt))
}

const begin = (at: number, isStarting: boolean): Tally => ({
  firstAt: at,
  lastAt: at,
  pictureMs: 0,
  soundMs: 0,
  stalls: 0,
  stalledAt: Number.NEGATIVE_INFINITY,
  bitrate: 0,
  bitrateSwitches: 0,
  startMs: null,
  isStarting,
  throughput: null,
  session: null,
})
