import 'server-only'
import type { SourceRecord } from '@/lib/catalogue'
import { AppError } from '@/lib/kernel/errors'
import { ffmpegAbilities } from '@/lib/platform/ffmpeg'
import { shared } from '@/lib/platform/shared'
import type { Decision } from '../decide'
import { SessionSlot } from '../dial'
import { findFilmKey } from '../drm/drm-store'
import { addressOf, type SessionPlan } from '../session-plans'
import { hasFreeSlot } from '../slots'
import { addressFor } from '../stream-links'
import { findRestingBytes } from './film-sessions'
import { findFilm, type KnownFilm } from './known-films'
import { makeStill } from './make/still'
import { lookAgain, openBytes } from './probe'
import { type FilmBytes, nameOfFile } from './read/film-bytes'
import { keep, readKept } from './segment-disk'

const EVERY_SECONDS = 10
/** Whoever moves along the line has moved on after this many ms. */
const DEADLINE_MS = 8_000
/** Anybody who wants to watch gets the connection. */
const PRIORITY = 0
const LINGER_MS = 2_000

interface Painter {
  /** Ends when the picture that is being made is there. */
  turn: Promise<unknown>
  /** The newest request: those that wait behind it are no longer wanted. */
  latest: number
  slot: SessionSlot | null
  bytes: FilmBytes | null
}

const painters = () => shared('thumbnail-painters', () => new WeakMap<SessionPlan, Painter>())

/** What the player needs to show small pictures of places; undefined where we cannot make any. */
export async function thumbnailsOf(plan: SessionPlan, sourceId: number, decision: Decision) {
  const isFilm = plan.kind === 'movie' || plan.kind === 'episode'
  const isOurs = decision.mode !== 'direct' && decision.mode !== 'hls-proxy'
  if (!isFilm || !isOurs || (await ffmpegAbilities()) === null || (await findFilmKey(plan.record.itemId)) !== null)
    return undefined
  return { url: addressFor(plan, { kind: 'film', sourceId, name: 'thumb-{n}.jpg' }), everySeconds: EVERY_SECONDS }
}

/** The number in a thumbnail's name; null for any other name. */
export function thumbnailIn(name: string): number | null {
  const number = /^thumb-(\d{1,5})\.jpg$/.exec(name)?.[1]
  return number === undefined ? null : Number(number)
}

interface Wanted {
  number: number
  signal: AbortSignal
  hop: string | undefined
}

/**
 * The key frame nearest to a thumbnail's moment, as JPEG. One at a time for each session; of those that wait only the newest is made.
 * Throws NOT_FOUND, STREAM_NOT_READY when another is wanted by now or no connection is free beside the film's, and what reading throws.
 */
export async function thumbnailOf(plan: SessionPlan, source: SourceRecord, wanted: Wanted): Promise<Buffer> {
  const painter = painterOf(plan)
  const own = ++painter.latest
  const before = painter.turn
  const signal = AbortSignal.any([wanted.signal, plan.over.signal, AbortSignal.timeout(DEADLINE_MS)])
  const made = before.then(async () => {
    signal.throwIfAborted()
    if (own !== painter.latest) throw new AppError('STREAM_NOT_READY', { retryAfter: 1 })
    return paint({ plan, source, painter }, { ...wanted, signal })
  })
  painter.turn = made.catch(() => {})
  return made
}

function painterOf(plan: SessionPlan): Painter {
  const known = painters().get(plan) ?? { turn: Promise.resolve(), latest: 0, slot: null, bytes: null }
  painters().set(plan, known)
  return known
}

interface Work {
  plan: SessionPlan
  source: SourceRecord
  painter: Painter
}

async function paint(work: Work, { number, signal, hop }: Wanted): Promise<Buffer> {
  const { plan, source } = work
  if ((await findFilmKey(plan.record.itemId)) !== null) throw new AppError('NOT_FOUND')
  const seen = findFilm(source.id)
  const kept = seen === null ? null : await readKept(fileOf(source, seen, number))
  if (kept !== null) return kept
  const bytes = await bytesFor(work, hop)
  const known = await lookAgain(source.id, bytes)
  if (known === null) throw new AppError('NOT_FOUND')
  const jpeg = await makeStill({ film: known.film, bytes, moment: number * EVERY_SECONDS, signal })
  await keep(fileOf(source, known, number), jpeg)
  return jpeg
}

const fileOf = ({ id }: SourceRecord, { identity }: KnownFilm, number: number) =>
  `${id}/${nameOfFile(identity)}-thumb${number}.jpg`

/**
 * A connection of its own while the login has one to spare; else the film's, while nothing flows there. A login whose limit nobody knows
 * may be good for one only.
 */
async function bytesFor({ plan, source, painter }: Work, hop: string | undefined): Promise<FilmBytes> {
  const { maxConnections: limit } = await addressOf(plan, source)
  const isOpen = painter.slot?.isHeld === true
  if (isOpen || (limit !== null && (await hasFreeSlot(source.providerId, limit)))) {
    painter.bytes ??= await openOwn({ plan, source, painter }, { limit, hop })
    return painter.bytes
  }
  const resting = findRestingBytes(plan)
  if (resting === null) throw new AppError('STREAM_NOT_READY', { retryAfter: 5 })
  return resting
}

async function openOwn({ plan, source, painter }: Work, { limit, hop }: { limit: number | null; hop: string | undefined }) {
  const slot = new SessionSlot({ providerId: source.providerId, limit, purpose: source.name, priority: PRIORITY }, LINGER_MS)
  painter.slot = slot
  plan.over.signal.addEventListener('abort', () => void slot.release(), { once: true })
  return openBytes({ source, address: () => addressOf(plan, source), slot, over: plan.over.signal, hop })
}
