import type { Capabilities } from '@/lib/playback/schema'
import { listDecoders } from './decoders'
import { listKeySystems, type RequestAccess } from './key-systems'
import { recallTold, rememberTold, type Told } from './told-before'

type Video = Capabilities['video'][number]
type Audio = Capabilities['audio'][number]
type Container = Capabilities['containers'][number]

/** One ordinary profile of each codec, as players meet it in broadcast. */
const videoTypes: Readonly<Record<Video, string>> = {
  h264: 'video/mp4; codecs="avc1.640028"',
  hevc: 'video/mp4; codecs="hvc1.1.6.L120.90"',
  av1: 'video/mp4; codecs="av01.0.08M.08"',
  vp8: 'video/webm; codecs="vp8"',
  vp9: 'video/mp4; codecs="vp09.00.40.08"',
  mpeg2video: 'video/mp4; codecs="mp4v.61"',
}

const audioTypes: Readonly<Record<Audio, string>> = {
  aac: 'audio/mp4; codecs="mp4a.40.2"',
  mp3: 'audio/mp4; codecs="mp3"',
  ac3: 'audio/mp4; codecs="ac-3"',
  eac3: 'audio/mp4; codecs="ec-3"',
  mp2: 'audio/mp4; codecs="mp4a.6B.2"',
  opus: 'audio/mp4; codecs="opus"',
  flac: 'audio/mp4; codecs="flac"',
  vorbis: 'audio/webm; codecs="vorbis"',
}

/** How films are sent that a graphics card encodes. */
const IN_BAND = 'video/mp4; codecs="avc3.640028"'

/** Containers of progressive files; TS inside HLS is repacked by the player and needs no word here. */
const containerTypes: Readonly<Record<Container, string>> = {
  mp4: 'video/mp4',
  matroska: 'video/x-matroska',
  webm: 'video/webm',
  mpegts: 'video/mp2t',
}

export interface TypeProbe {
  /** MediaSource.isTypeSupported, or a refusal where there is no MediaSource. */
  streams: (type: string) => boolean
  /** canPlayType of a video element. */
  files: (type: string) => boolean
}

function keysWhere<K extends string>(types: Readonly<Record<K, string>>, test: (type: string) => boolean): K[] {
  return (Object.keys(types) as K[]).filter(key => test(types[key]))
}

/** What this browser can decode. Only codecs that play both from a file and through MediaSource are promised. */
export function listCapabilities(probe: TypeProbe): Capabilities {
  const both = (type: string) => probe.files(type) && probe.streams(type)
  return {
    video: keysWhere(videoTypes, both),
    audio: keysWhere(audioTypes, both),
    containers: keysWhere(containerTypes, probe.files),
    inBand: probe.streams(IN_BAND),
  }
}

const mediaSource = () => ('MediaSource' in window ? window.MediaSource : undefined)

let named: Capabilities | undefined
let told: Told | undefined

function tell(more: Told): void {
  told = { ...told, ...more }
  rememberTold(told)
}

/** At once, by all that is known until now: the names of codecs, and what the device told before of its decoders and keys. */
export function findCapabilities(video: HTMLVideoElement): Capabilities {
  const source = mediaSource()
  named ??= listCapabilities({
    files: type => video.canPlayType(type) !== '',
    // iPhones have no MediaSource but play HLS natively: there canPlayType alone has to be believed.
    streams: type => (source ? source.isTypeSupported(type) : video.canPlayType(type) !== ''),
  })
  told ??= recallTold()
  return { ...named, ...(told.decoders ? { decoders: told.decoders } : {}), keySystems: told.keySystems ?? null }
}

let learning: Promise<void> | undefined

/** Asks the device for its decoders, once a page, which takes a moment: nothing waits for it. What is smooth changes with what was played. */
export function learnDecoders(video: HTMLVideoElement): Promise<void> {
  learning ??= askDevice(video)
  return learning
}

async function askDevice(video: HTMLVideoElement): Promise<void> {
  // Older televisions do not have it.
  const device: MediaCapabilities | undefined = navigator.mediaCapabilities
  if (device === undefined) return
  const type = mediaSource() ? 'media-source' : 'file'
  const { video: codecs } = findCapabilities(video)
  const decoders = await listDecoders(codecs, picture => device.decodingInfo({ type, video: picture })).catch(() => null)
  if (decoders !== null) tell({ decoders })
}

/** Asks what the device unlocks. Is that something new? What was not there may have been switched on, or installed, meanwhile. */
export async function learnKeySystems(): Promise<boolean> {
  const request: RequestAccess | undefined = navigator.requestMediaKeySystemAccess?.bind(navigator)
  const keySystems = await listKeySystems(request)
  const isNew = String(told?.keySystems) !== String(keySystems)
  tell({ keySystems })
  return isNew
}
