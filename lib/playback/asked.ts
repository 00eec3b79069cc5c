import { z } from 'zod'
import type { Rung } from './conversion/ladder'
import { Capabilities, PlaybackInput, QualityProfile, type Wishes, wishesOf } from './schema'

/** What a session was opened with, which decides what its pieces are called: every process that serves it goes by the same. */
export interface Asked {
  capabilities: Capabilities
  wishes: Wishes
  /** Are pictures that are encoded for it sent as a graphics card makes them? */
  isInBand: boolean
  /** The qualities that the administrator had set then; null, of channels and older sessions, for those set now. */
  qualities: readonly Rung[] | null
}

const Stored = z.object({
  capabilities: Capabilities,
  wishes: PlaybackInput.pick({ convert: true, maxHeight: true }).extend({ accountHeight: z.number().int().optional() }),
  isInBand: z.boolean(),
  qualities: z.array(QualityProfile).min(1).nullable().default(null),
})

/** Null where nothing was written down, or by a version that is no more. */
export function readAsked(stored: unknown): Asked | null {
  const { data } = Stored.safeParse(stored)
  if (data === undefined) return null
  const { accountHeight = null, ...wishes } = data.wishes
  return { ...data, wishes: wishesOf(wishes, accountHeight) }
}
