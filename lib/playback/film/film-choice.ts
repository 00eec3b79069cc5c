import 'server-only'
import type { SourceRecord } from '@/lib/catalogue'
import type { StreamAddress } from '@/lib/providers'
import { type Decision, decidePlayback } from '../decide'
import { SessionSlot } from '../dial'
import { parseFacts, type SourceFacts } from '../facts'
import { PAGE_PRIORITY } from '../live-relays'
import { policyFor } from '../policy'
import type { Capabilities, KeySystem, Wishes } from '../schema'
import { type SessionPlan, SLOT_LINGER_MS } from '../session-plans'
import { adoptBytes } from './film-sessions'
import { findFilm } from './known-films'
import { openBytes, probeFilm } from './probe'
import type { FilmBytes } from './read/film-bytes'

/** How a film is played, and what was opened at the provider to find out. */
export interface FilmChoice {
  decision: Decision
  /** What it was decided by. */
  facts: SourceFacts
  /** Hands what was opened on to the session. */
  adopt(plan: SessionPlan): Promise<void>
  /** Closes it and gives the slot back. */
  drop(): Promise<void>
}

interface About {
  kind: 'movie' | 'episode'
  address: StreamAddress
  capabilities: Capabilities
  wishes: Wishes
  locks: { isProtected: boolean; keySystems: readonly KeySystem[] }
  /** What the address and the wire told before. */
  facts: SourceFacts
}

/**
 * Decides how a film is played, looking into the file when nobody has yet. Throws why the provider does not send it, and
 * PROVIDER_LIMIT.
 */
export async function chooseFilm(source: SourceRecord, about: About): Promise<FilmChoice> {
  const { kind, address, capabilities, wishes, locks, facts } = about
  const policy = await policyFor(wishes, locks)
  const decide = (known: SourceFacts) => decidePlayback({ kind, source: known, capabilities, policy })
  // After a restart the file is looked into again, mostly in what was kept of it on disk: its parts and places are wanted, too.
  const isKnown = parseFacts(source.facts)?.seen === 'probe' && wishes.convert === undefined && findFilm(source.id) !== null
  // What no key of this browser opens is not opened at the provider either.
  const isLocked = decide(facts).code === 'KEY_SYSTEM'
  if (isKnown || isLocked || facts.container === 'hls')
    return { decision: decide(facts), facts, adopt: async () => {}, drop: async () => {} }
  const end = new AbortController()
  const slot = new SessionSlot(
    { providerId: source.providerId, limit: address.maxConnections, purpose: source.name, priority: PAGE_PRIORITY },
    SLOT_LINGER_MS,
  )
  const drop = async () => {
    end.abort()
    await slot.release()
  }
  try {
    const bytes = await openBytes({ source, address: async () => address, slot, over: end.signal })
    const probe = await probeFilm({ source, slot }, bytes)
    const seen = probe?.facts ?? facts
    const decision = decide(seen)
    return {
      decision,
      facts: seen,
      drop,
      adopt: plan => adopt(plan, { source, slot, bytes, end, isFile: decision.mode === 'file' }),
    }
  } catch (error) {
    await drop()
    throw error
  }
}

async function adopt(
  plan: SessionPlan,
  held: { source: SourceRecord; slot: SessionSlot; bytes: FilmBytes; end: AbortController; isFile: boolean },
): Promise<void> {
  const { source, slot, bytes, end, isFile } = held
  plan.slots.set(source.id, slot)
  plan.over.signal.addEventListener('abort', () => end.abort(), { once: true })
  // The browser asks for the file itself: its connection takes the place of this one.
  if (isFile) await bytes.close()
  else adoptBytes(plan, bytes)
}
