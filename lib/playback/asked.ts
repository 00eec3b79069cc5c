import { z } from 'zod'
import { Capabilities, PlaybackInput, type Wishes, wishesOf } from './schema'

/** What a session was opened with, which decides what its pieces are called: every process that serves it goes by the same. */
export interface Asked {
  capabilities: Capabilities
  wishes: Wishes
  /** Are pictures that are encoded for it sent as a graphics card makes them? */
  isInBand: boolean
}

const Stored = z.object({
  capabilities: Capabilities,
  wishes: PlaybackInput.pick({ convert: true, maxHeight: true }).extend({ accountHeight: z.number().int().optional() }),
  isInBand: z.boolean(),
})

/** Null where nothing was written down, or by a version that is no more. */
export function readAsked(stored: unknown): Asked | null {
  const { data } = Stored.safeParse(stored)
  if (data === undefined) return null
  const { accountHeight = null, ...wishes } = data.wishes
  return { ...data, wishes: wishesOf(wishes, accountHeight) }
}
