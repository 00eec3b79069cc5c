import 'server-only'
import type { ItemKind } from '@/lib/kernel/ids'
import { coreCapacity, ffmpegAbilities, freeCores } from '@/lib/platform/ffmpeg'
import type { Asked } from './asked'
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
 * How pictures that are encoded for this session are made: its pieces have to fit together and keep their names for as long as it
 * lasts. Where a graphics card makes them for this browser, software sends them as the card does.
 */
export async function formFor(kind: ItemKind, { inBand }: Capabilities): Promise<Pick<Asked, 'isInBand' | 'qualities'>> {
  if (kind === 'channel') return { isInBand: false, qualities: null }
  const { qualities } = await getConversionSettings()
  return { isInBand: inBand === true && coreCapacity() > 0 && (await ffmpegAbilities())?.hardware != null, qualities }
}
