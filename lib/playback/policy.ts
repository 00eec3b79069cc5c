import 'server-only'
import type { PlaybackPolicy } from './decide'
import type { PlaybackInput } from './schema'

/** What may be done for this viewer now. */
export function policyFor({ convert, maxHeight }: Pick<PlaybackInput, 'convert' | 'maxHeight'>): PlaybackPolicy {
  return {
    allowsDirect: false,
    canConvert: false,
    freeCores: 0,
    maxHeight: maxHeight ?? null,
    wantsLadder: false,
    convert: convert ?? null,
  }
}
