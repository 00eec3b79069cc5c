import 'server-only'
import { coreCapacity, ffmpegAbilities, freeCores } from '@/lib/platform/ffmpeg'
import { getConversionSettings } from './conversion-settings'
import type { PlaybackPolicy } from './decide'
import { decodersOf } from './film/make/decoders'
import type { Capabilities, KeySystem, Wishes } from './schema'

/** What the decision has to know of an item besides its source. */
interface Locks {
  isProtected?: boolean
  keySystems?: readonly KeySystem[]
}

/** What may be done for this viewer now. The first call waits until FFmpeg has been looked at. */
export async function policyFor(
  { convert, maxHeight, accountHeight }: Wishes,
  { isProtected = false, keySystems = [] }: Locks = {},
): Promise<PlaybackPolicy> {
  const abilities = coreCapacity() > 0 ? await ffmpegAbilities() : null
  const canConvert = abilities !== null
  return {
    allowsDirect: false,
    canConvert,
    decodes: codec => abilities === null || decodersOf(codec).some(name => abilities.decoders.has(name)),
    freeCores: canConvert ? freeCores() : 0,
    maxHeight: maxHeight ?? null,
    accountHeight: accountHeight ?? null,
    ...(await getConversionSettings()),
    keySystems,
    isProtected,
    convert: convert ?? null,
  }
}

/**
 * Are pictures that are encoded for this browser sent as a graphics card makes them? Decided once for a session, whose pieces have to
 * fit together: software sends them so as well.
 */
export async function isSentInBand({ inBand }: Capabilities): Promise<boolean> {
  return inBand === true && coreCapacity() > 0 && (await ffmpegAbilities())?.hardware != null
}
