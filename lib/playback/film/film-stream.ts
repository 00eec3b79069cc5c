import 'server-only'
import { printCues } from '@/lib/kernel/cue'
import { AppError } from '@/lib/kernel/errors'
import { coreCapacity, ffmpegAbilities } from '@/lib/platform/ffmpeg'
import { shared } from '@/lib/platform/shared'
import type { Rung } from '../conversion/ladder'
import { protectInit } from '../drm/protect-init'
import { protectSegment } from '../drm/protect-segment'
import { PICTURE_TITLE_SECONDS } from '../schema'
import type { FilmPiece } from '../stream-access'
import { Encoder } from './encoder'
import type { FilmTrack } from './film'
import { segmentCount } from './layout'
import { copySegment } from './make/copy'
import { encodedConfig, encodedPicture, encodePicture } from './make/encode-picture'
import { encodedSound, encodeSound } from './make/encode-sound'
import { writeInit } from './make/fmp4'
import { namedInBand } from './make/in-band'
import { pictureTitlesOf, pictureTracksOf } from './make/picture-titles'
import { describeForMp4 } from './make/sample-entries'
import { cuesOf } from './make/text'
import { printMaster, printRendition } from './playlists'
import type { Presentation, Rendition } from './presentation'
import { type FileIdentity, type FilmBytes, nameOfFile } from './read/film-bytes'
import type { Make } from './segment-jobs'

/** Segments of an encoded picture made ahead of the viewer: with four seconds each, half a minute. */
const PICTURE_AHEAD = 7
/** Sound is made far quicker than it is heard, and should not read the file away from under its picture. */
const SOUND_AHEAD = 2

interface Made {
  sourceId: number
  identity: FileIdentity
  bytes: FilmBytes
  presentation: Presentation
  over: AbortSignal
  /** What its samples are encrypted with; null for one that goes out as it is. */
  protection: FilmKey | null
}

/** Key id and key in hexadecimal. */
export interface FilmKey {
  id: string
  key: string
}

/** A film as one viewer gets it: playlists, and segments that are made when they are asked for. */
export class FilmPresentation {
  readonly #made: Made
  readonly #encoders = new Map<string, Encoder>()

  constructor(made: Made) {
    this.#made = made
  }

  /** What is behind a name in our playlists. Throws NOT_FOUND for any other, TRANSCODE_*, UPSTREAM_* and PROVIDER_*. */
  async open(name: string, signal: AbortSignal): Promise<FilmPiece> {
    const { presentation, identity, protection } = this.#made
    if (name === 'index.m3u8') return { kind: 'playlist', text: printMaster(presentation, identity.size) }
    const [, track, piece] = /^p(\d{1,2})-(\d{1,5})\.json$/.exec(name) ?? []
    if (track !== undefined && piece !== undefined)
      return { kind: 'titles', text: await this.#pictureTitles(Number(track), Number(piece), signal) }
    const [, own = '', part, ending] = /^([a-z]\d{0,4})(?:-(init|\d{1,5}))?\.(m3u8|mp4|m4s|vtt)$/.exec(name) ?? []
    const rendition = [...presentation.pictures, ...presentation.sounds, ...presentation.texts].find(each => each.name === own)
    if (rendition === undefined) throw new AppError('NOT_FOUND')
    if (ending === 'm3u8' && part === undefined)
      return { kind: 'playlist', text: printRendition(presentation, rendition, protection?.id ?? null) }
    if (ending === 'mp4' && part === 'init') return { kind: 'media', bytes: await this.#init(rendition, signal) }
    const number = Number(part)
    if (!Number.isInteger(number) || number >= segmentCount(presentation.layout)) throw new AppError('NOT_FOUND')
    if (rendition.way === 'text') return { kind: 'text', text: await this.#text(rendition, number, signal) }
    return { kind: 'media', bytes: await this.#protect(rendition, await this.#segment(rendition, number, signal), signal) }
  }

  async #segment(rendition: Rendition, number: number, signal: AbortSignal): Promise<Buffer> {
    const { presentation, bytes, over } = this.#made
    const { film, layout } = presentation
    if (rendition.way === 'encode') return this.#encoderOf(rendition).segment(number, signal)
    return copySegment({ film, bytes, layout, track: rendition.track, number, signal: AbortSignal.any([signal, over]) })
  }

  async #text({ track }: Rendition, number: number, signal: AbortSignal): Promise<string> {
    const { presentation, bytes, over } = this.#made
    const { film, layout } = presentation
    return printCues(await cuesOf({ film, bytes, layout, track, number, signal: AbortSignal.any([signal, over]) }))
  }

  async #pictureTitles(index: number, number: number, signal: AbortSignal): Promise<string> {
    const { presentation, bytes, over } = this.#made
    const { film } = presentation
    const track = pictureTracksOf(film)[index]
    if (track === undefined || number * PICTURE_TITLE_SECONDS > film.duration) throw new AppError('NOT_FOUND')
    return JSON.stringify(await pictureTitlesOf({ film, bytes, track, number, signal: AbortSignal.any([signal, over]) }))
  }

  async #protect(rendition: Rendition, segment: Buffer, signal: AbortSignal): Promise<Buffer> {
    const { protection } = this.#made
    if (protection === null) return segment
    const { tracks } = protectInit(await this.#clearInit(rendition, signal), protection.id)
    return protectSegment(segment, protection.key, tracks)
  }

  async #init(rendition: Rendition, signal: AbortSignal): Promise<Buffer> {
    const { protection } = this.#made
    const init = await this.#clearInit(rendition, signal)
    return protection === null ? init : protectInit(init, protection.id).init
  }

  async #clearInit(rendition: Rendition, signal: AbortSignal): Promise<Buffer> {
    const { track, way, rung } = rendition
    const shape = way === 'copy' ? track : rung === null ? encodedSound(track) : await this.#encodedShape(track, rung, signal)
    const codec = describeForMp4(shape)
    if (codec === null) throw new AppError('NOT_FOUND')
    return writeInit(shape, rendition.isInBand ? namedInBand(codec) : codec)
  }

  async #encodedShape(track: FilmTrack, rung: Rung, signal: AbortSignal) {
    requireConverter()
    const configs = shared('film-configs', () => new Map<string, Buffer>())
    const key = `${track.displayWidth ?? track.width}x${track.height}@${track.frameRate}/${track.rotation}/${rung.height}@${rung.kilobits}/${track.isHdr === true}`
    const config = configs.get(key) ?? (await encodedConfig(track, rung, AbortSignal.any([signal, this.#made.over])))
    if (configs.size > 500) configs.clear()
    configs.set(key, config)
    return encodedPicture(track, rung.height, config)
  }

  #encoderOf(rendition: Rendition): Encoder {
    const known = this.#encoders.get(rendition.name)
    if (known !== undefined) return known
    const { sourceId, identity, bytes, presentation, over } = this.#made
    const { film, layout } = presentation
    const { track, rung, name, isInBand = false } = rendition
    const make: Make = async batch => {
      requireConverter()
      const stretch = { film, bytes, track, bounds: layout.bounds.slice(batch.first, batch.first + batch.count + 1), ...batch }
      if (rung === null) return encodeSound(stretch)
      const abilities = await ffmpegAbilities()
      if (abilities === null) throw new AppError('TRANSCODE_FAILED', { message: 'there is no FFmpeg' })
      return encodePicture({ ...stretch, rung, abilities, isInBand })
    }
    // The same file cut the same way to the same quality gives the same segments, whoever asks.
    const cut = `${layout.kind}${layout.bounds.length}`
    const made = rung === null ? name : `${name}@${rung.kilobits}${isInBand ? 'i' : ''}`
    const encoder = new Encoder(`${sourceId}/${nameOfFile(identity)}-${cut}-${made}`, {
      count: segmentCount(layout),
      ahead: rung === null ? SOUND_AHEAD : PICTURE_AHEAD,
      make,
      over,
    })
    this.#encoders.set(name, encoder)
    return encoder
  }
}

/** Conversions may have been switched off since the session was opened, or in this process only. */
function requireConverter(): void {
  if (coreCapacity() === 0) throw new AppError('CODEC_UNSUPPORTED', { say: 'This server does not convert films.' })
}
