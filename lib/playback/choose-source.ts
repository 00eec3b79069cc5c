import 'server-only'
import type { SourceRecord } from '@/lib/catalogue'
import { AppError, type ErrorCode, toAppError } from '@/lib/kernel/errors'
import type { ItemKind } from '@/lib/kernel/ids'
import { type StreamAddress, streamAddress } from '@/lib/providers'
import { blame } from './access'
import { type Decision, refusalOf } from './decide'
import type { DrmInput } from './drm/drm-config'
import { drmOfSource, systemsOf } from './drm/session-drm'
import { parseFacts, type SourceFacts, unseen } from './facts'
import { chooseFilm, type FilmChoice } from './film/film-choice'
import { decideChannel } from './live-decision'
import { findPlanRelay } from './live-relays'
import { containerOf } from './media-types'
import { findOtherWays } from './other-ways'
import { policyFor } from './policy'
import { isReceived } from './receptions'
import type { Capabilities, KeySystem, Wishes } from './schema'
import { hasFreeSlot } from './slots'

export interface Choice {
  source: SourceRecord
  address: StreamAddress
  decision: Decision
  /** What was opened to look into a film; null for channels. */
  film: FilmChoice | null
}

export interface Asked {
  kind: ItemKind
  sources: readonly SourceRecord[]
  capabilities: Capabilities
  wishes: Wishes
  /** How the item is unlocked, as its owner said. */
  drm: DrmInput | null
}

/** A source that was passed over. */
interface Passed {
  source: SourceRecord
  facts: SourceFacts
  /** All connections of its provider are taken. */
  isFull: boolean
}

/**
 * The first source that this browser can play and whose provider has a connection left. Throws why there is none; TRANSCODE_BUSY
 * tells what would still play.
 */
export async function chooseSource(asked: Asked): Promise<Choice> {
  if (asked.kind === 'series') throw new AppError('NO_SOURCE')
  let refusal: AppError | null = null
  const passed: Passed[] = []
  for (const source of asked.sources) {
    const address = await streamAddress(source)
    try {
      const choice = await trySource(source, { ...asked, address, passed })
      if (!(choice instanceof AppError)) return choice
      refusal = weightier(refusal, choice)
    } catch (error) {
      refusal = weightier(refusal, toAppError(error))
      blame(source, error)
    }
  }
  if (refusal?.code !== 'TRANSCODE_BUSY') throw refusal ?? new AppError('NO_SOURCE')
  throw new AppError(refusal.code, { say: refusal.say, data: { otherWays: await listOtherWays(asked, passed) } })
}

/** What can be helped comes first: by a word of the browser, by another way, by waiting. */
const helpable: readonly ErrorCode[] = ['PROVIDER_LIMIT', 'TRANSCODE_BUSY', 'KEY_SYSTEMS_WANTED']

/** Of the reasons against two sources the one to tell; the former when neither weighs more. */
const weightier = (former: AppError | null, next: AppError): AppError =>
  former !== null && helpable.indexOf(former.code) >= helpable.indexOf(next.code) ? former : next

async function trySource(
  source: SourceRecord,
  asked: Asked & { address: StreamAddress; passed: Passed[] },
): Promise<Choice | AppError> {
  const { kind, sources, address, passed, capabilities, wishes, drm } = asked
  if (kind === 'series') return new AppError('NO_SOURCE')
  const limit = address.maxConnections
  const facts = factsBefore(source, address)
  const pass = (isFull: boolean, known = facts) => passed.push({ source, facts: known, isFull })
  // What is in a film is looked up at the provider, under a connection of its own.
  if (kind !== 'channel' && !(await hasFreeSlot(source.providerId, limit))) {
    pass(true)
    return new AppError('PROVIDER_LIMIT')
  }
  const locks = { isProtected: isPackaged(drm), keySystems: requireKnownSystems(source, { capabilities, drm }) }
  const about = { capabilities, wishes, facts, address }
  const film = kind === 'channel' ? null : await chooseFilm(source, { ...about, kind, locks })
  const plan = { sources: inFront(source, sources) }
  const decision =
    film?.decision ?? (await decideChannel(plan, { source: facts, capabilities, wishes, keySystems: locks.keySystems }))
  if (decision.mode === 'unsupported') {
    pass(false, film?.facts)
    await film?.drop()
    return refusalOf(decision)
  }
  if (film !== null || (await hasRoom(source, { kind, sources, decision, limit }))) return { source, address, decision, film }
  pass(true)
  return new AppError('PROVIDER_LIMIT')
}

/** @throws KEY_SYSTEMS_WANTED where the player is to look first what its browser has */
function requireKnownSystems(source: SourceRecord, { capabilities, drm }: Pick<Asked, 'capabilities' | 'drm'>): KeySystem[] {
  const config = drmOfSource(drm, source)
  const systems = config === null ? [] : systemsOf(config)
  if (systems.length > 0 && capabilities.keySystems === null) throw new AppError('KEY_SYSTEMS_WANTED')
  return systems
}

/** Do we encrypt it ourselves? */
const isPackaged = (drm: DrmInput | null): boolean => drm?.packaged === true && Object.keys(drm.clearKeys).length > 0

async function listOtherWays({ kind, capabilities, wishes }: Asked, passed: readonly Passed[]) {
  if (kind === 'series') return []
  const policy = await policyFor(wishes)
  return findOtherWays(
    passed.map(({ source, facts, isFull }) => ({
      id: source.id,
      name: source.name,
      isFull,
      input: { kind, source: facts, capabilities, policy },
    })),
  )
}

async function hasRoom(
  source: SourceRecord,
  situation: { kind: ItemKind; sources: readonly SourceRecord[]; decision: Decision; limit: number | null },
): Promise<boolean> {
  const { kind, sources, decision, limit } = situation
  // A channel that is already relayed costs no further connection, nor does a source that is received for another relay.
  if (isRelayed(kind, decision) && (isReceived(source.id) || findPlanRelay({ sources: inFront(source, sources) }) !== null))
    return true
  return hasFreeSlot(source.providerId, limit)
}

export const inFront = (source: SourceRecord, sources: readonly SourceRecord[]) => [
  source,
  ...sources.filter(other => other !== source),
]

/** Does the channel come through a relay of ours? */
export const isRelayed = (kind: ItemKind, { mode }: Decision) => kind === 'channel' && mode !== 'hls-proxy' && mode !== 'direct'

/** What we take a source for before its first byte: what it was last time, else what its address promises. */
function factsBefore(source: SourceRecord, address: StreamAddress): SourceFacts {
  const known = parseFacts(source.facts)
  if (known !== null) return known
  if (address.hls === address.url) return unseen('hls')
  if (source.kind === 'channel') return unseen(null)
  return unseen(source.container === null ? null : containerOf(source.container))
}
