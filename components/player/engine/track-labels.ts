import type { Choice } from './stream-shapes'

export interface VideoFacts {
  height: number | null
  frameRate: number | null
  bandwidth: number
  codecs: string | null
  active: boolean
}

export interface SoundFacts {
  language: string
  label: string | null
  channelsCount: number | null
  roles: readonly string[]
  active: boolean
}

export interface TextFacts {
  language: string
  label: string | null
  kind: string | null
  forced: boolean
  active: boolean
}

/** "French" for "fr"; null for the codes that mean nobody knows. */
export function sayLanguage(code: string): string | null {
  if (code === '' || code === 'und' || code === 'zxx' || code === 'mul') return null
  try {
    return new Intl.DisplayNames(undefined, { type: 'language' }).of(code) ?? null
  } catch {
    return null
  }
}

function sayChannels(count: number | null): string {
  if (count === null || count === 2) return ''
  return count === 1 ? 'Mono' : count === 6 ? '5.1' : count === 8 ? '7.1' : `${count} channels`
}

function join(...words: readonly (string | null)[]): string {
  return words.filter(word => word !== null && word !== '').join(' · ')
}

/** Two choices that read the same are told apart by a number. */
function numbered(choices: readonly Choice[]): Choice[] {
  return choices.map((choice, at) => {
    const same = choices.filter(other => other.label === choice.label)
    return same.length < 2
      ? choice
      : { ...choice, label: `${choice.label} (${choices.slice(0, at + 1).filter(other => other.label === choice.label).length})` }
  })
}

const megabits = (bandwidth: number): string => `${(bandwidth / 1_000_000).toFixed(1)} Mbit/s`

export const videoKey = (track: VideoFacts): string => `${track.height ?? 0}.${track.bandwidth}.${track.codecs ?? ''}`

/** Best first. */
export function listQualities(tracks: readonly VideoFacts[]): Choice[] {
  const sorted = [...tracks].sort((a, b) => (b.height ?? 0) - (a.height ?? 0) || b.bandwidth - a.bandwidth)
  const labels = sorted.map(track =>
    track.height
      ? `${track.height}p${(track.frameRate ?? 0) > 35 ? Math.round(track.frameRate ?? 0) : ''}`
      : megabits(track.bandwidth),
  )
  return sorted.map((track, at) => {
    const label = labels[at] ?? ''
    const twice = labels.filter(other => other === label).length > 1
    return { key: videoKey(track), label: twice ? join(label, megabits(track.bandwidth)) : label, active: track.active }
  })
}

export const soundKey = (track: SoundFacts): string =>
  [track.language, track.label, track.channelsCount, ...track.roles].join('.')

export function listSounds(tracks: readonly SoundFacts[]): Choice[] {
  return numbered(
    tracks.map(track => ({
      key: soundKey(track),
      label: join(
        track.label || sayLanguage(track.language) || 'Sound',
        sayChannels(track.channelsCount),
        track.roles.includes('description') ? 'described' : null,
      ),
      active: track.active,
      language: sayLanguage(track.language) === null ? '' : track.language,
    })),
  )
}

export const textKey = (track: TextFacts): string => [track.language, track.label, track.kind, track.forced].join('.')

const captionWord = /^captions?$/i

/** Captions inside the picture come without a name, and with a word of the playlist for a language. */
function nameOfText({ label, language, kind }: TextFacts): string {
  const known = [label, sayLanguage(language)].find(name => name && !captionWord.test(name))
  return known ?? (captionWord.test(kind ?? '') ? 'Captions' : 'Subtitles')
}

export function listSubtitles(tracks: readonly TextFacts[]): Choice[] {
  return numbered(
    tracks.map(track => ({
      key: textKey(track),
      label: join(nameOfText(track), track.forced ? 'forced' : null),
      active: track.active,
      language: sayLanguage(track.language) === null ? '' : track.language,
    })),
  )
}
