import 'server-only'
import type { SourceRecord } from '@/lib/catalogue'
import { AppError, toAppError } from '@/lib/kernel/errors'
import { shared } from '@/lib/platform/shared'
import type { PlaybackMode } from '../decide'
import { findFilmKey } from '../drm/drm-store'
import { parseFacts } from '../facts'
import { encodedLimit } from '../picture-fit'
import { policyFor } from '../policy'
import { addressOf, type SessionPlan, slotOf } from '../session-plans'
import { FilmPresentation } from './film-stream'
import { keyDistanceOf, pictureOf } from './layout'
import { present } from './presentation'
import { type Door, lookAgain, openBytes } from './probe'
import type { FilmBytes } from './read/film-bytes'

interface Opened {
  bytes: FilmBytes | null
  presentation: Promise<FilmPresentation> | null
}

const opened = () => shared('opened-films', () => new WeakMap<SessionPlan, Opened>())

function openedOf(plan: SessionPlan): Opened {
  const known = opened().get(plan) ?? { bytes: null, presentation: null }
  opened().set(plan, known)
  return known
}

/** Hands the reader that looked into the file on to the session: its connection is open where the film begins. */
export function adoptBytes(plan: SessionPlan, bytes: FilmBytes): void {
  openedOf(plan).bytes = bytes
}

/** The reader of a session's film while it holds no connection; null otherwise. */
export function findRestingBytes(plan: SessionPlan): FilmBytes | null {
  const bytes = opened().get(plan)?.bytes ?? null
  return bytes?.isResting ? bytes : null
}

/** The film of a session, cut into segments. Throws what looking into it throws. */
export function filmOf(plan: SessionPlan, source: SourceRecord, hop?: string): Promise<FilmPresentation> {
  const state = openedOf(plan)
  if (state.presentation !== null) return state.presentation
  const opening = openFilmOf(plan, source, hop)
  state.presentation = opening
  opening.catch(() => {
    // The next request tries anew.
    if (state.presentation === opening) state.presentation = null
  })
  return opening
}

async function openFilmOf(plan: SessionPlan, source: SourceRecord, hop: string | undefined): Promise<FilmPresentation> {
  const state = openedOf(plan)
  const first = await addressOf(plan, source)
  const door: Door = {
    source,
    address: () => addressOf(plan, source),
    slot: slotOf(plan, source, first.maxConnections),
    over: plan.over.signal,
    hop,
  }
  state.bytes ??= await openBytes(door)
  const { bytes } = state
  const known = await lookAgain(source.id, bytes).catch(error => {
    throw toAppError(error).code === 'RANGE_INVALID' ? new AppError('CODEC_UNSUPPORTED') : error
  })
  if (known === null) throw new AppError('UPSTREAM_NOT_MEDIA')
  const distance = keyDistanceOf(known.film) ?? parseFacts(source.facts)?.keyframeSeconds ?? 4
  const mode = plan.record.mode as PlaybackMode
  const { capabilities, wishes, isInBand } = plan
  const { canConvert, decodes, qualities } = await policyFor(wishes)
  const presentation = present(known.film, distance, {
    mode,
    capabilities,
    maxHeight: encodedLimit(wishes, capabilities, pictureOf(known.film)?.frameRate ?? null),
    qualities: plan.qualities ?? qualities,
    isInBand,
    convertsSound: wishes.convert !== undefined,
    converts: codec => canConvert && decodes(codec),
  })
  const { identity } = known
  const protection = await findFilmKey(plan.record.itemId)
  return new FilmPresentation({ sourceId: source.id, identity, bytes, presentation, protection, over: plan.over.signal })
}
