import type { SourceRecord } from '@/lib/catalogue'
import { type AudioFacts, parseFacts, type SourceFacts, type VideoFacts } from './facts'
import { nameOfCodec } from './media-names'
import type { PlaybackView } from './schema'

/** More languages than this are counted, not named. */
const NAMED = 4

const texts: Record<string, string> = { dvb_teletext: 'teletext', eia_608: 'captions', eia_708: 'captions' }
const profiles: Record<string, string> = { '42': 'Baseline', '4d': 'Main', '58': 'Extended', '64': 'High', '6e': 'High 10' }

/** What a source holds, in one line for people; null when nothing is known of it. Says nothing of where it comes from. */
export function sayFacts(facts: SourceFacts | null): string | null {
  if (facts === null) return null
  const { video, audio, subtitles, bitrate, keyframeSeconds } = facts
  const parts = [
    ...(video === null ? [] : sayPicture(video)),
    ...saySound(audio),
    ...new Set(subtitles.map(({ codec }) => texts[codec] ?? 'subtitles')),
    ...(bitrate === null || bitrate <= 0 ? [] : [`${(bitrate / 1_000).toFixed(1)} Mbit/s`]),
    ...(keyframeSeconds === null || keyframeSeconds <= 0 ? [] : [`key frame every ${round(keyframeSeconds, 1)} s`]),
  ]
  return parts.length === 0 ? null : parts.join(' · ')
}

/** A source as its viewer may know it. */
export function viewSource({ id, name, failing, facts, factsAt }: SourceRecord): PlaybackView['sources'][number] {
  const holds = sayFacts(parseFacts(facts))
  return { id, name, failing, holds, lookedAt: holds === null ? null : (factsAt?.toISOString() ?? null) }
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits))

function sayPicture({ codec, codecString, width, height, frameRate, interlaced, isHdr }: VideoFacts): string[] {
  const rate = frameRate === null ? '' : `${round(frameRate, 2)}/s`
  return [
    ...(width === null || height === null ? [] : [`${width} × ${height}`]),
    [rate, interlaced === true ? 'interlaced' : ''].filter(Boolean).join(' '),
    [nameOfCodec(codec), profileOf(codecString), isHdr === true ? 'HDR' : ''].filter(Boolean).join(' '),
  ].filter(Boolean)
}

/** Profile and level of H.264, as its RFC 6381 name carries them. */
function profileOf(codecString: string | null): string {
  const [, profile = '', level] = /^avc1\.([0-9a-f]{2})[0-9a-f]{2}([0-9a-f]{2})$/i.exec(codecString ?? '') ?? []
  if (level === undefined) return ''
  return [profiles[profile.toLowerCase()], (Number.parseInt(level, 16) / 10).toFixed(1)].filter(Boolean).join(' ')
}

function saySound(audio: readonly AudioFacts[]): string[] {
  if (audio.length === 0) return []
  const named = audio.slice(0, NAMED).map(({ codec, channels, language }) => {
    const count = channels === null ? '' : channels === 1 ? '1 channel' : `${channels} channels`
    return [nameOfCodec(codec), count, language === null ? '' : `(${language})`].filter(Boolean).join(' ')
  })
  const more = audio.length - named.length
  return [[...named, ...(more > 0 ? [`${more} more`] : [])].join(', ')]
}
