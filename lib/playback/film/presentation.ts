import { type Rung, rungsFor, topHeight } from '../conversion/ladder'
import type { PlaybackMode } from '../decide'
import type { Capabilities } from '../schema'
import type { Film, FilmTrack } from './film'
import { type Layout, layOutByGrid, layOutByKeys, pictureOf } from './layout'
import { levelFor } from './make/encode-settings'
import { describeForMp4 } from './make/sample-entries'

/** One list of segments of a film. */
export interface Rendition {
  /** In its addresses: v, v720, a0, s1 … */
  name: string
  track: FilmTrack
  way: 'copy' | 'encode' | 'text'
  /** What an encoded picture is made to; null for anything else. */
  rung: Rung | null
  /** Do its key frames say how they are to be decoded? They come from a card, and from software when that fails. */
  isInBand?: boolean
  codecString: string
}

/** How a film is offered to one browser. */
export interface Presentation {
  film: Film
  layout: Layout
  pictures: readonly Rendition[]
  sounds: readonly Rendition[]
  texts: readonly Rendition[]
}

export interface Wishes {
  mode: PlaybackMode
  /** Null for other apps. */
  capabilities: Capabilities | null
  maxHeight: number | null
  /** As the administrator has set it. */
  qualities: readonly Rung[]
  /** Are pictures that are encoded sent as a graphics card makes them? */
  isInBand: boolean
  /** The browser failed at sound that it had promised. */
  convertsSound: boolean
  /** Can sound of this codec be made into another? */
  converts(codec: string): boolean
}

const assumed: Capabilities = { video: ['h264'], audio: ['aac', 'mp3', 'opus', 'flac'], containers: ['mp4'] }
/** Kinds of text that become WebVTT. */
const textCodecs: ReadonlySet<string> = new Set(['subrip', 'ass', 'webvtt', 'mov_text', 'dvb_teletext'])
const ENCODED_SOUND = 'mp4a.40.2'

/** Which renditions a film has, and how each is made. */
export function present(film: Film, keyDistance: number, wishes: Wishes): Presentation {
  const picture = pictureOf(film)
  const isEncoded = wishes.mode === 'transcode' || wishes.mode === 'ladder'
  const layout = isEncoded || picture === null ? layOutByGrid(film.duration) : layOutByKeys(film, keyDistance)
  const texts = film.tracks
    .filter(({ kind, codec }) => kind === 'subtitle' && textCodecs.has(codec))
    .map((track, index): Rendition => ({ name: `s${index}`, track, way: 'text', rung: null, codecString: 'wvtt' }))
  return {
    film,
    layout,
    pictures: picture === null ? [] : presentPicture(picture, isEncoded, wishes),
    sounds: presentSounds(film, wishes),
    texts,
  }
}

function presentPicture(track: FilmTrack, isEncoded: boolean, { mode, maxHeight, qualities, isInBand }: Wishes): Rendition[] {
  if (!isEncoded) {
    const codecString = describeForMp4(track)?.codecString
    return codecString === undefined ? [] : [{ name: 'v', track, way: 'copy', rung: null, codecString }]
  }
  const top = topHeight({ height: track.height ?? 720 }, maxHeight)
  const rungs = rungsFor(mode === 'ladder' ? mode : 'transcode', top, qualities)
  return rungs.map(rung => {
    const codecString = `${isInBand ? 'avc3' : 'avc1'}.6400${levelFor(track, rung).toString(16)}`
    return { name: `v${rung.height}`, track, way: 'encode', rung, isInBand, codecString }
  })
}

/**
 * All languages have the same codec in the end: players settle on one codec and forget the others. What does not have it becomes AAC,
 * or stays away where that cannot be done.
 */
function presentSounds(film: Film, { capabilities, convertsSound, converts }: Wishes): Rendition[] {
  const known: readonly string[] = (capabilities ?? assumed).audio
  const offered = film.tracks
    .filter(({ kind }) => kind === 'audio')
    .map(track => {
      const isKept = !convertsSound && known.includes(track.codec)
      const own = isKept ? (describeForMp4(track)?.codecString ?? null) : null
      return { track, own, canBeAac: own === ENCODED_SOUND || converts(track.codec) }
    })
    .filter(({ own, canBeAac }) => own !== null || canBeAac)
  const first = offered[0]?.own ?? null
  const isOne = first !== null && offered.every(({ own }) => own === first)
  const inAac = isOne ? [] : offered.filter(({ canBeAac }) => canBeAac)
  const chosen = inAac.length > 0 ? inAac : offered.filter(({ own }) => own === first)
  return chosen.map(({ track, own }, index): Rendition => {
    const isCopied = own !== null && (inAac.length === 0 || own === ENCODED_SOUND)
    return {
      name: `a${index}`,
      track,
      way: isCopied ? 'copy' : 'encode',
      rung: null,
      codecString: isCopied ? own : ENCODED_SOUND,
    }
  })
}
