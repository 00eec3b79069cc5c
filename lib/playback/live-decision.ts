import 'server-only'
import { log } from '@/lib/platform/log'
import type { Rung } from './conversion/ladder'
import { rungsOf } from './conversion/live-plan'
import { type Decision, decidePlayback, type PlaybackPolicy, refusalOf } from './decide'
import { factsOf, type SourceFacts } from './facts'
import { conversionOf, findConversion, findViewedRelay, openViewedRelay, type PlannedConversion } from './live-conversions'
import { findPlanRelay } from './live-relays'
import { isHigher } from './picture-fit'
import { policyFor } from './policy'
import type { Relay } from './relay/relay'
import type { Capabilities, KeySystem, Wishes } from './schema'
import type { SessionPlan } from './session-plans'
import { noteMode } from './store'
import { CATCH_UP } from './stream-links'
import type { TsProgram } from './ts/scanner'

/** How a channel reaches a browser. An encode that runs already needs no further room for its next viewer. */
export async function decideChannel(
  plan: Pick<SessionPlan, 'sources'>,
  about: { source: SourceFacts; capabilities: Capabilities; wishes: Wishes; keySystems?: readonly KeySystem[] },
): Promise<Decision> {
  const { source, capabilities, wishes, keySystems = [] } = about
  const policy = await policyFor(wishes, { keySystems })
  const decide = (changed: Partial<PlaybackPolicy>) =>
    decidePlayback({ kind: 'channel', source, capabilities, policy: { ...policy, ...changed } })
  const joined = async (wished: Decision) => {
    const conversion = await conversionOf(wished)
    return conversion !== null && findConversion(plan, conversion) !== null ? wished : null
  }
  const freeCores = Number.POSITIVE_INFINITY
  const wished = decide({ freeCores })
  const affordable = decide({})
  if (wished.mode !== 'ladder' || affordable.mode === 'ladder') return (await joined(wished)) ?? affordable
  return (await joined(wished)) ?? (await joined(decide({ freeCores, ladder: 'off' }))) ?? affordable
}

/**
 * The relay that this viewer is to watch, now that it is known what the channel sends. Throws CODEC_UNSUPPORTED and
 * TRANSCODE_BUSY. Apps, and viewers whose abilities are not known here, watch it as it comes.
 */
export async function routeViewer(
  plan: SessionPlan,
  base: Relay,
  hop?: string,
): Promise<{ relay: Relay; rungs: readonly Rung[] | null }> {
  const { wishes, record } = plan
  const capabilities = capabilitiesOf(plan)
  if (capabilities === null || base.program === null) return { relay: base, rungs: null }
  const { program } = base
  const decision = await decideChannel(plan, { source: factsOf(program), capabilities, wishes })
  if (decision.mode === 'unsupported') throw refusalOf(decision)
  const before = findViewedRelay(plan)
  plan.conversion = await conversionOf(decision)
  const viewed = openViewedRelay(plan, hop)
  viewed.touchHls(record.id)
  if (before !== null && before !== viewed) before.leaveHls(record.id)
  noteDecision(plan, decision)
  return { relay: viewed, rungs: plan.conversion === null ? null : rungsOf(plan.conversion, program) }
}

/**
 * Is the picture higher than the account includes, since another source took over or the program turned to another one? What was
 * decided is no answer to that: the session is opened anew.
 */
export function isOutgrown({ record, wishes, decision, conversion, sources }: SessionPlan): boolean {
  // An archive is read apart from the channel, which others may be watching meanwhile.
  if (wishes.accountHeight === undefined || decision === null || record.mode === CATCH_UP) return false
  // What is encoded never becomes higher than it was decided, whatever comes.
  if (conversion !== null && conversion.mode !== 'audio') return false
  const video = findPlanRelay({ sources })?.program?.video ?? null
  return video !== null && isHigher(video, wishes.accountHeight)
}

/** What is made of an archive that holds this. Throws CODEC_UNSUPPORTED and TRANSCODE_BUSY. Null: it goes on as it is. */
export async function decideReplay(plan: SessionPlan, program: TsProgram): Promise<PlannedConversion | null> {
  const { wishes } = plan
  const capabilities = capabilitiesOf(plan)
  if (capabilities === null) return null
  const policy = { ...(await policyFor(wishes)), ladder: 'off' as const }
  const decision = decidePlayback({ kind: 'channel', source: factsOf(program), capabilities, policy })
  if (decision.mode === 'unsupported') throw refusalOf(decision)
  plan.decision = decision
  logDecision(plan.record.id, decision, 'how an archive is played')
  return conversionOf(decision)
}

/** Leaves a line in the log that names all reasons. */
export function logDecision(playback: string, { mode, code, reasons, cost }: Decision, message: string): void {
  log().info({ playback, mode, code, reasons: reasons.map(reason => reason.code), cost }, message)
}

/** Of a page whose session does not say what it plays, what every browser plays is taken for it, where a limit holds. */
function capabilitiesOf({ capabilities, wishes }: SessionPlan): Capabilities | null {
  return capabilities ?? (wishes.accountHeight === undefined ? null : everywhere)
}

const everywhere: Capabilities = { video: ['h264'], audio: ['aac', 'mp3'], containers: ['mp4'] }

function noteDecision(plan: SessionPlan, decision: Decision): void {
  const { mode } = decision
  plan.decision = decision
  logDecision(plan.record.id, decision, 'how a channel is played')
  if (plan.record.mode === mode) return
  plan.record.mode = mode
  noteMode(plan.record.id, mode).catch(error => log().warn({ err: error }, 'the way of a playback could not be noted'))
}
