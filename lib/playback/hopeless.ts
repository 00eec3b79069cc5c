import type { DecisionInput, Reason } from './decide'
import type { AudioFacts } from './facts'
import { nameOfCodec } from './media-names'
import type { Capabilities } from './schema'

/** Why nothing here can play this film; null when something can, and for channels, where the next moment may be another stream. */
export function findHopeless({ kind, source, capabilities, policy }: DecisionInput): Reason | null {
  if (kind === 'channel' || !policy.canConvert) return null
  const { video, audio } = source
  const refuse = (part: string, codec: string): Reason => {
    const format = codec === 'unknown' ? 'a format' : `${nameOfCodec(codec)}, a format`
    return {
      code: 'NOTHING_READS_IT',
      message: `The ${part} of this film is in ${format} that neither this browser nor this server can read.`,
    }
  }
  if (video !== null && !capabilities.video.some(codec => codec === video.codec) && !policy.decodes(video.codec))
    return refuse('picture', video.codec)
  const [first] = audio
  return first !== undefined && audio.every(track => isMute(track, { capabilities, policy }))
    ? refuse('sound', first.codec)
    : null
}

/** Sound that neither the browser nor the converter understands. */
export const isMute = (track: AudioFacts, { capabilities, policy }: Pick<DecisionInput, 'capabilities' | 'policy'>): boolean =>
  !sounds(track, capabilities) && !policy.decodes(track.codec)

/** Does the browser play it? */
export function sounds(track: AudioFacts, capabilities: Capabilities): boolean {
  return capabilities.audio.some(codec => codec === track.codec)
}
