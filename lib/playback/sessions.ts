import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { listSources, type SourceRecord } from '@/lib/catalogue'
import { AppError } from '@/lib/kernel/errors'
import { log } from '@/lib/platform/log'
import { findResumePoint, recordProgress, requireMayWatch } from '@/lib/profiles'
import { type Origin, openCatchUp } from './catch-up-session'
import { type Choice, chooseSource, inFront, isRelayed } from './choose-source'
import { describeDecision } from './decide'
import { findDrm } from './drm/drm-store'
import { drmForPlayer, drmOfSource } from './drm/session-drm'
import { preferSource } from './facts'
import { findFilm } from './film/known-films'
import { pictureTracksOf } from './film/make/picture-titles'
import { thumbnailsOf } from './film/thumbnails'
import { conversionOf, findViewedRelay, openViewedRelay } from './live-conversions'
import { logDecision } from './live-decision'
import { findPlanRelay } from './live-relays'
import { fileNameOf, mediaTypeOf } from './media-types'
import { formFor } from './policy'
import { viewSource } from './say-facts'
import { type PlaybackInput, type PlaybackView, TOUCH_SECONDS, type TouchInput, type TouchView, wishesOf } from './schema'
import { forgetPlan, kindOf, listPlans, rememberPlan, requirePlan, type SessionPlan } from './session-plans'
import { settleReleases } from './slots'
import { endPlaybacks, findOwnPlayback, insertPlayback, listSurplusPlaybacks, touchOpenPlayback } from './store'
import { AHEAD, CATCH_UP, renewedAt, urlOf } from './stream-links'

/** A session nobody has touched for this long, in ms, has lost its player. */
const STALE_MS = 2 * 60_000
/** Sessions one account may hold open at a time: more than a household has screens, too few to fill a server with. */
const MAX_OPEN = 10

const nowhere: TouchInput = { positionSeconds: 0, durationSeconds: 0 }

const nobody: Origin = { address: '', app: '' }

/**
 * Opens a playback session: who may, which source, which way. Throws ACCESS_ENDED and BEDTIME, NOT_FOUND for an item outside the line-up, NO_SOURCE,
 * CODEC_UNSUPPORTED with the reason as its sentence, PROVIDER_LIMIT when every slot is in use; with a moment NOT_ARCHIVED and
 * NOT_AIRED besides. Ahead of its viewer a session neither dials nor counts as watched: its first request or touch does.
 */
export async function openPlayback(
  viewer: Viewer,
  input: PlaybackInput,
  origin: Origin & { isAhead?: boolean } = nobody,
): Promise<PlaybackView> {
  const { itemId, from: moment } = input
  if (moment !== undefined) {
    const { accountHeight } = await requireMayWatch(viewer)
    const view = await openCatchUp(viewer, { ...input, from: moment }, { origin, accountHeight })
    tidyUp(viewer.accountId).catch(error => log().warn({ err: error }, 'old playback sessions could not be ended'))
    return view
  }
  const [listed, { accountHeight }, set] = await Promise.all([
    listSources(viewer, itemId),
    requireMayWatch(viewer),
    findDrm(itemId),
  ])
  const sources = preferSource(listed, input.sourceId)
  if (input.sourceId !== undefined && sources[0]?.id !== input.sourceId) throw new AppError('NOT_FOUND')
  const kind = kindOf(sources)
  const { capabilities } = input
  const wishes = wishesOf(input, accountHeight)
  const asked = { capabilities, wishes, ...(await formFor(kind, capabilities)) }
  const choice = await chooseSource({ kind, sources, capabilities, wishes, drm: set })
  const { accountId, profileId, sessionId } = viewer
  const { isAhead = false } = origin
  const mode = isAhead ? AHEAD : choice.decision.mode
  const from = { lineId: null, address: origin.address, app: origin.app.slice(0, 200) }
  const about = { accountId, profileId, sessionId, itemId, sourceId: choice.source.id, mode, ...from, asked }
  const record = await insertPlayback(about).catch(async error => {
    await choice.film?.drop()
    throw error
  })
  const ordered = inFront(choice.source, sources)
  const plan = rememberPlan({ record, kind, sources: ordered, line: null, ...asked })
  plan.addresses.set(choice.source.id, { address: choice.address, at: performance.now() })
  await choice.film?.adopt(plan)
  // Dialling begins now rather than with the player's first request: that round trip is part of every zap.
  if (isRelayed(kind, choice.decision) && !isAhead) {
    plan.conversion = await conversionOf(choice.decision)
    openViewedRelay(plan).touchHls(record.id)
  }
  // Neither is worth a viewer's time.
  tidyUp(accountId).catch(error => log().warn({ err: error }, 'old playback sessions could not be ended'))
  const resumeSeconds = kind === 'channel' ? 0 : await findResumePoint(viewer, itemId)
  if (kind === 'channel' && !isAhead) {
    noteProgress(viewer, plan, nowhere).catch(error => log().warn({ err: error }, 'a channel could not be noted as watched'))
  }
  if (kind !== 'channel') logDecision(record.id, choice.decision, 'how a film is played')
  const drm = drmOfSource(set, choice.source)
  const thumbnails = await thumbnailsOf(plan, choice.source.id, choice.decision)
  return toView({ plan, choice, resumeSeconds, listed, thumbnails, drm: drmForPlayer(plan, drm) })
}

/** Keeps a session alive and remembers how far it is. Throws NOT_FOUND for a stranger's, STREAM_ENDED for an ended one. */
export async function touchPlayback(viewer: Viewer, id: string, touch: TouchInput): Promise<TouchView> {
  const record = await findOwnPlayback(ownerOf(viewer), id)
  if (record === null) throw new AppError('NOT_FOUND')
  if (!(await touchOpenPlayback(id))) throw new AppError('STREAM_ENDED')
  const plan = await requirePlan(id)
  await noteProgress(viewer, plan, touch)
  const issuedAt = renewedAt(record.startedAt, new Date())
  const fresh = issuedAt === null ? {} : { url: urlOf(plan, issuedAt) }
  return plan.decision === null ? fresh : { ...fresh, decision: describeDecision(plan.decision) }
}

/** Ends a session; its connection and slot are given back before this resolves. Ending twice is fine. */
export async function closePlayback(viewer: Viewer, id: string, touch: TouchInput = nowhere): Promise<void> {
  const record = await findOwnPlayback(ownerOf(viewer), id)
  if (record === null) return
  await endPlaybacks({ ids: [id] }, 'closed')
  const hasProgress = touch.durationSeconds > 0 && record.mode !== CATCH_UP
  const noted = hasProgress && recordProgress(viewer, { itemId: record.itemId, ...touch }, true)
  await Promise.all([leave([id]), noted])
}

/**
 * Ends at once what plays under a revoked sign-in, a disabled account or a deleted provider. Every process is told and
 * ends its own share.
 */
export async function endPlaybacksOf(
  cause: { sessionId: string } | { accountId: string } | { lineId: number } | { providerId: number },
): Promise<void> {
  if ('providerId' in cause) return endProvider(cause.providerId)
  await endPlaybacks(cause, 'revoked')
  const isConcerned = ({ record }: SessionPlan) => {
    if ('sessionId' in cause) return record.sessionId === cause.sessionId
    return 'lineId' in cause ? record.lineId === cause.lineId : record.accountId === cause.accountId
  }
  await leave(
    listPlans()
      .filter(isConcerned)
      .map(({ record }) => record.id),
  )
}

/** Viewers of an item that has other sources keep their session: the player's next request goes on with those. */
async function endProvider(providerId: number): Promise<void> {
  const isOurs = (source: SourceRecord) => source.providerId === providerId
  const concerned = listPlans().filter(({ sources }) => sources.some(isOurs))
  const ended = concerned.filter(({ record, sources }) => sources.some(source => source.id === record.sourceId && isOurs(source)))
  for (const plan of concerned) for (const relay of [findViewedRelay(plan), findPlanRelay(plan)]) relay?.close()
  await endPlaybacks({ ids: ended.map(({ record }) => record.id) }, 'provider deleted')
  await leave(concerned.map(({ record }) => record.id))
}

/** Sessions that lost their player, and those beyond what one account may hold: the stalest go. */
async function tidyUp(accountId: string): Promise<void> {
  await endPlaybacks({ accountId, seenBefore: new Date(Date.now() - STALE_MS) }, 'stale')
  const surplus = await listSurplusPlaybacks(accountId, MAX_OPEN)
  if (surplus.length === 0) return
  await endPlaybacks({ ids: surplus }, 'surplus')
  await leave(surplus)
}

/** Lets go of what this process holds for sessions that have ended elsewhere. */
export const leavePlaybacks = ({ ids }: { ids: readonly string[] }): Promise<void> => leave(ids)

async function leave(ids: readonly string[]): Promise<void> {
  await Promise.all(ids.map(forgetPlan))
  await settleReleases()
}

/** A channel counts as watched when it is opened; anything else once its length is known. */
async function noteProgress(viewer: Viewer, plan: SessionPlan, touch: TouchInput): Promise<void> {
  const { itemId } = plan.record
  if (plan.kind === 'channel') await recordProgress(viewer, { itemId, ...nowhere })
  else if (touch.durationSeconds > 0) await recordProgress(viewer, { itemId, ...touch })
}

function ownerOf(viewer: Viewer): { accountId: string; profileId: string } {
  return { accountId: viewer.accountId, profileId: viewer.profileId }
}

interface Made {
  plan: SessionPlan
  choice: Choice
  resumeSeconds: number
  listed: SourceRecord[]
  thumbnails: PlaybackView['thumbnails']
  drm: PlaybackView['drm']
}

function toView({ plan, choice, resumeSeconds, listed, thumbnails, drm }: Made): PlaybackView {
  const { source, decision } = choice
  const isFile = decision.mode === 'file'
  return {
    sessionId: plan.record.id,
    mode: isFile ? 'file' : 'hls',
    live: plan.kind === 'channel',
    catchUp: null,
    url: urlOf(plan),
    mimeType: isFile ? (mediaTypeOf(fileNameOf(source)) ?? 'video/mp4') : 'application/vnd.apple.mpegurl',
    resumeSeconds,
    sourceId: source.id,
    sources: listed.map(viewSource),
    decision: describeDecision(decision),
    drm,
    ...(plan.kind === 'channel' ? {} : { chapters: chaptersOf(source.id), thumbnails }),
    ...(plan.kind === 'channel' || isFile ? {} : { pictureTitles: pictureTitlesIn(source.id) }),
    touchSeconds: TOUCH_SECONDS,
  }
}

/** Parts of a film, as its file names them. */
const chaptersOf = (sourceId: number): PlaybackView['chapters'] =>
  findFilm(sourceId)?.film.chapters.map(({ startSeconds, title }) => ({ start: startSeconds, title })) ?? []

function pictureTitlesIn(sourceId: number): PlaybackView['pictureTitles'] {
  const known = findFilm(sourceId)
  const tracks = known === null ? [] : pictureTracksOf(known.film)
  return tracks.map(({ language, title, isForced }, index) => ({ name: `p${index}`, language, title, isForced }))
}
