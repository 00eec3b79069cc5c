import { inflateSync } from 'node:zlib'
import { isHdrTransfer } from '../../ts/usability'
import { blankTrack, type FilmTrack } from '../film'
import { nameOfMatroska } from './codec-names'
import { gatherElements, readFloat, readText, readUnsigned } from './ebml'
import { el } from './matroska-ids'

export interface MatroskaTrack {
  track: FilmTrack
  /** Seconds a frame lasts, where the file says so. */
  frameSeconds: number | null
  /** Seconds of sound before the beginning that are not to be heard. */
  delay: number
  /** Undoes what the file did to each frame; null for one that is damaged. */
  unpack: (frame: Buffer) => Buffer | null
}

/** A frame that becomes larger than this is none. */
const MAX_FRAME = 16 * 2 ** 20
/** What all frames of a track begin with is a few bytes. */
const MAX_HEADER = 4_096
const kinds: Record<number, FilmTrack['kind']> = { 1: 'video', 2: 'audio', 17: 'subtitle' }

/** Reads one entry of the list of tracks; null for one that nothing can be done with, such as an encrypted one. */
export function readTrack(entry: Buffer): MatroskaTrack | null {
  const found = gatherElements(entry)
  const one = (id: number) => found.get(id)?.[0]
  const id = readUnsigned(one(el.trackNumber))
  const kind = kinds[readUnsigned(one(el.trackType)) ?? 0]
  const codecId = readText(one(el.codecId))
  const unpack = readEncoding(one(el.contentEncodings))
  if (id === null || kind === undefined || codecId === null || unpack === null) return null
  const config = one(el.codecPrivate) ?? null
  const kept = config === null ? null : Buffer.from(config)
  const frameNs = readUnsigned(one(el.defaultDuration))
  const language = (readText(one(el.languageBcp47)) ?? readText(one(el.language)) ?? 'eng').toLowerCase()
  const track: FilmTrack = {
    ...blankTrack,
    id,
    kind,
    codec: nameOfMatroska(codecId, kept),
    matroska: { id: codecId, config: kept },
    language: language === 'und' ? null : language,
    title: readText(one(el.name)),
    isDefault: readUnsigned(one(el.flagDefault)) !== 0,
    isForced: readUnsigned(one(el.flagForced)) === 1,
    frameRate: kind === 'video' && frameNs !== null && frameNs > 0 ? 1e9 / frameNs : null,
    ...(kind === 'video' ? readPicture(one(el.video)) : {}),
    ...(kind === 'audio' ? readSound(one(el.audio)) : {}),
  }
  const delay = (readUnsigned(one(el.codecDelay)) ?? 0) / 1e9
  return { track, frameSeconds: frameNs === null || frameNs === 0 ? null : frameNs / 1e9, delay, unpack }
}

function readPicture(video: Buffer | undefined): Partial<FilmTrack> {
  if (video === undefined) return {}
  const found = gatherElements(video)
  const number = (id: number) => readUnsigned(found.get(id)?.[0])
  const [width, height] = [number(el.pixelWidth), number(el.pixelHeight)]
  const [shownWidth, shownHeight] = [number(el.displayWidth), number(el.displayHeight)]
  const isRatio = width !== null && height !== null && shownWidth !== null && shownHeight !== null && shownHeight > 0
  const colour = found.get(el.colour)?.[0]
  const transfer = colour === undefined ? null : readUnsigned(gatherElements(colour).get(el.transfer)?.[0])
  return {
    width,
    height,
    displayWidth: isRatio ? Math.round((shownWidth / shownHeight) * height) : width,
    isHdr: isHdrTransfer(transfer),
  }
}

function readSound(audio: Buffer | undefined): Partial<FilmTrack> {
  if (audio === undefined) return {}
  const found = gatherElements(audio)
  return {
    channels: readUnsigned(found.get(el.channels)?.[0]) ?? 1,
    sampleRate: readFloat(found.get(el.sampleRate)?.[0]) ?? 8_000,
  }
}

/** Null when the frames cannot be read: encrypted, or packed in a way nobody uses. */
function readEncoding(encodings: Buffer | undefined): MatroskaTrack['unpack'] | null {
  const list = encodings === undefined ? [] : (gatherElements(encodings).get(el.contentEncoding) ?? [])
  const [first] = list
  if (first === undefined) return frame => frame
  const found = gatherElements(first)
  if (list.length > 1 || found.has(el.contentEncryption)) return null
  const compression = gatherElements(found.get(el.contentCompression)?.[0] ?? Buffer.alloc(0))
  const algorithm = readUnsigned(compression.get(el.compressionAlgorithm)?.[0]) ?? 0
  if (algorithm === 0) return inflate
  if (algorithm !== 3) return null
  const header = Buffer.from(compression.get(el.compressionSettings)?.[0] ?? Buffer.alloc(0))
  if (header.length > MAX_HEADER) return null
  return frame => Buffer.concat([header, frame])
}

function inflate(frame: Buffer): Buffer | null {
  try {
    return inflateSync(frame, { maxOutputLength: MAX_FRAME })
  } catch {
    return null
  }
}
