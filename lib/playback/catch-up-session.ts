import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { listSources, type SourceRecord } from '@/lib/catalogue'
import { findProgrammeAt, type ProgrammeAt, type ProgrammeSpan } from '@/lib/epg'
import { AppError } from '@/lib/kernel/errors'
import { HOUR, MINUTE } from '@/lib/kernel/time'
import { catchUpAddresses } from '@/lib/providers'
import { isBegun, isWhole, latestSecond } from './archive/stretch'
import { reachesBack } from './catch-up'
import { type Decision, decidePlayback, describeDecision, refusalOf } from './decide'
import { parseFacts, preferSource, unseen } from './facts'
import { policyFor } from './policy'
import { beginReplay, secondsSince } from './replays'
import { viewSource } from './say-facts'
import {
  type Capabilities,
  type PlaybackInput,
  type PlaybackView,
  type ReplayedProgramme,
  TOUCH_SECONDS,
  type Wishes,
  wishesOf,
} from './schema'
import { kindOf, rememberPlan } from './session-plans'
import { hasFreeSlot } from './slots'
import { insertPlayback } from './store'
import { CATCH_UP, urlOf } from './stream-links'

/** Who asks, as a person reads it on the Connections page. */
export interface Origin {
  address: string
  app: string
}

/**
 * Opens a session that replays what was on a channel at a moment. Throws NOT_FOUND for a channel outside the line-up,
 * NOT_ARCHIVED, NOT_AIRED, CODEC_UNSUPPORTED, PROVIDER_LIMIT.
 */
export async function openCatchUp(
  viewer: Viewer,
  input: PlaybackInput & { from: string },
  { origin, accountHeight }: { origin: Origin; accountHeight: number | null },
): Promise<PlaybackView> {
  const { itemId, capabilities } = input
  const wishes = wishesOf(input, accountHeight)
  const listed = await listSources(viewer, itemId)
  if (kindOf(listed) !== 'channel') throw new AppError('NOT_FOUND')
  const sources = preferSource(listed, input.sourceId)
  if (input.sourceId !== undefined && sources[0]?.id !== input.sourceId) throw new AppError('NOT_FOUND')
  const from = new Date(input.from)
  const known = await findProgrammeAt(viewer, itemId, from)
  const reaching = sources.filter(source => reachesBack(source, from))
  if (reaching.length === 0) throw new AppError('NOT_ARCHIVED')
  const programme = requireReplayable(known, from, Date.now())
  const { source, decision } = await chooseArchive(reaching, programme, { capabilities, wishes })
  const { accountId, profileId, sessionId } = viewer
  const record = await insertPlayback({
    accountId,
    profileId,
    sessionId,
    itemId,
    sourceId: source.id,
    mode: CATCH_UP,
    lineId: null,
    address: origin.address,
    app: origin.app.slice(0, 200),
    replayStart: programme.start,
    replayStop: programme.stop,
    asked: { capabilities, wishes, isInBand: false, qualities: null },
  })
  const ordered = [source, ...sources.filter(other => other !== source)]
  const plan = rememberPlan({ record, kind: 'channel', sources: ordered, capabilities, line: null, wishes })
  const resumeSeconds = Math.min(secondsSince(programme.start, from), latestSecond(timesOf(programme), Date.now()))
  beginReplay(plan, resumeSeconds)
  return {
    sessionId: record.id,
    mode: 'hls',
    live: false,
    catchUp: {
      ...toView(programme),
      growing: !isWhole(timesOf(programme), Date.now()),
      next: known.next && toView(known.next),
    },
    url: urlOf(plan),
    mimeType: 'application/vnd.apple.mpegurl',
    resumeSeconds,
    sourceId: source.id,
    sources: listed.map(viewSource),
    decision: describeDecision(decision),
    drm: null,
    touchSeconds: TOUCH_SECONDS,
  }
}

const timesOf = ({ start, stop }: ProgrammeSpan) => ({ start: start.getTime(), stop: stop.getTime() })
const toView = ({ title, start, stop }: ProgrammeSpan): ReplayedProgramme => ({
  title,
  start: start.toISOString(),
  stop: stop.toISOString(),
})

/** The programme to replay; where the guide says nothing, an hour from the moment on. @throws NOT_AIRED */
function requireReplayable({ programme, next }: ProgrammeAt, from: Date, now: number): ProgrammeSpan {
  const found = programme ?? unnamed(from, next)
  if (!isBegun(timesOf(found), now)) throw new AppError('NOT_AIRED')
  return found
}

function unnamed(from: Date, next: ProgrammeSpan | null): ProgrammeSpan {
  const start = from.getTime() - (from.getTime() % MINUTE)
  const stop = Math.min(start + HOUR, next?.start.getTime() ?? Number.POSITIVE_INFINITY)
  return { title: '', start: new Date(start), stop: new Date(Math.max(stop, start + MINUTE)) }
}

interface Asked {
  capabilities: Capabilities
  wishes: Wishes
}

/** The first of the sources whose archive reaches back that this browser can play and whose provider has a connection left. */
async function chooseArchive(
  sources: readonly SourceRecord[],
  { start }: ProgrammeSpan,
  asked: Asked,
): Promise<{ source: SourceRecord; decision: Decision }> {
  let refusal: AppError | null = null
  for (const source of sources) {
    const [address] = await catchUpAddresses(source, start, 1)
    // A playlist's entry has no archive that we can open.
    if (address === undefined) continue
    const decision = await decideArchive(source, asked)
    if (decision.mode === 'unsupported') refusal ??= refusalOf(decision)
    else if (await hasFreeSlot(source.providerId, address.maxConnections)) return { source, decision }
    else refusal = new AppError('PROVIDER_LIMIT')
  }
  throw refusal ?? new AppError('NOT_ARCHIVED')
}

/** The archive holds what was sent live, as a transport stream whatever form the live picture has. */
async function decideArchive(source: SourceRecord, { capabilities, wishes }: Asked): Promise<Decision> {
  const facts = parseFacts(source.facts)
  return decidePlayback({
    kind: 'channel',
    source: { ...(facts ?? unseen(null)), container: 'mpegts' },
    capabilities,
    policy: await policyFor(wishes),
  })
}
