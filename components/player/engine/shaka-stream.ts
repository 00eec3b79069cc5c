import type shaka from 'shaka-player/dist/shaka-player.hls-es2021.js'
import { LIVE_DELAY_SECONDS } from '@/lib/playback/schema'
import { forgetAbandonedStarts } from './abandoned-starts'
import { joinSeams } from './caption-seams'
import { toDrmSettings } from './drm-settings'
import { EarlyCaptions } from './early-captions'
import { type Failure, failureOfError, failureOfFault, type StreamFault } from './failure'
import { showPictures } from './live-pictures'
import { createLoosener } from './loose-references'
import { keepOneClock } from './one-clock'
import { ParkedCaptions } from './parked-captions'
import { createQualityChoice } from './quality-choice'
import { createRenewal } from './renewal'
import { commonConfig, configs, pace, reserve } from './shaka-config'
import { watchSupply } from './shaka-supply'
import { isChannel, type Stream, type StreamChoices, type StreamFigures, type StreamShape, type TimeRange } from './stream-shapes'
import { createTextPicker } from './text-picker'
import { listQualities, listSounds, listSubtitles, soundKey, videoKey } from './track-labels'

export interface StreamEvents {
  onFailure: (failure: Failure) => void
  onTracks: () => void
}

type Shaka = typeof shaka

let loading: Promise<Shaka> | undefined

/** Of all players of the page: Shaka does not say whose picture a decoder reads. */
const parked = new ParkedCaptions()

/** 180 kB gzip: fetched with the first player, beside the call that opens the session. */
export function loadShaka(): Promise<Shaka> {
  loading ??= import('shaka-player/dist/shaka-player.hls-es2021.js').then(module => {
    module.default.polyfill.installAll()
    keepOneClock()
    const { cea, media } = module.default
    media.ClosedCaptionParser.registerDecoder(
      () =>
        new EarlyCaptions(
          () => new cea.CeaDecoder(),
          cues => parked.take(cues),
        ),
    )
    return module.default
  })
  return loading
}

function isFault(error: unknown): error is StreamFault {
  return error instanceof Object && 'severity' in error && 'category' in error && 'code' in error && 'data' in error
}

/** Loads that were overtaken by another load, an unload or the end of the player. */
const overtaken = new Set([7000, 7001, 7003])

export function isOvertaken(error: unknown): boolean {
  return isFault(error) && overtaken.has(error.code)
}

/** Whatever a try threw: a Failure of a file, a fault of Shaka, an answer of our API, or a surprise. */
export function readFailure(error: unknown): Failure {
  if (error instanceof Object && 'code' in error && 'retryable' in error && 'detail' in error) return error as Failure
  return isFault(error) ? failureOfFault(error) : failureOfError(error)
}

function readChoices(player: shaka.Player): StreamChoices {
  const config = player.getConfiguration()
  return {
    qualities: listQualities(player.getVideoTracks()),
    automatic: config.abr.enabled,
    audio: listSounds(player.getAudioTracks()),
    subtitles: listSubtitles(player.getTextTracks()),
  }
}

/**
 * Shaka goes on with the codec of a quality that was chosen by hand, profile and level included, which higher ones do not have: on
 * "auto" it would stay where it is. It lets go only where what is preferred changes.
 */
function freeChoice(player: shaka.Player): void {
  const { preferredVideo } = player.getConfiguration()
  const anything = { label: '', role: '', language: '', codec: '', hdrLevel: '', layout: '' }
  for (const preferred of [[...preferredVideo, anything], preferredVideo]) player.configure('preferredVideo', preferred)
}

/** Seconds between what plays and the end of the playlist: the library's own figure counts by the clocks of server and device. */
function behindNewest(player: shaka.Player): number {
  return Math.max(0, player.seekRange().end + LIVE_DELAY_SECONDS - (player.getMediaElement()?.currentTime ?? 0))
}

function readFigures(player: shaka.Player, live: boolean): Omit<StreamFigures, 'supply'> {
  const stats = player.getStats()
  const number = (value: number) => (Number.isFinite(value) ? value : 0)
  return {
    codecs: stats.currentCodecs,
    width: number(stats.width),
    height: number(stats.height),
    bandwidth: number(stats.estimatedBandwidth),
    streamBandwidth: number(stats.streamBandwidth),
    droppedFrames: number(stats.droppedFrames),
    decodedFrames: number(stats.decodedFrames),
    stalls: number(stats.stallsDetected),
    latency: live ? behindNewest(player) : null,
  }
}

function listenTo(player: shaka.Player, events: StreamEvents): void {
  letGoOfPlaylists(player)
  player.addEventListener('error', event => {
    const fault = 'detail' in event ? event.detail : null
    // Severity 1 is something Shaka goes on from by itself.
    if (isFault(fault) && fault.severity === 2 && !isOvertaken(fault)) events.onFailure(failureOfFault(fault))
  })
  for (const name of ['trackschanged', 'variantchanged', 'adaptation', 'textchanged', 'audiotrackschanged']) {
    player.addEventListener(name, events.onTracks)
  }
}

function letGoOfPlaylists(player: shaka.Player): void {
  const loosen = createLoosener()
  player.addEventListener('manifestupdated', () => {
    const { variants = [], textStreams = [] } = player.getManifest() ?? {}
    const streams = [...variants.flatMap(({ video, audio }) => [video, audio]), ...textStreams]
    loosen(new Set(streams.flatMap(stream => stream?.segmentIndex ?? [])))
  })
}

/** Shaka goes on naming the beginning of what it once knew; only what is still in its list can be fetched. */
function keptRange(player: shaka.Player): TimeRange {
  const range = player.seekRange()
  if (!player.isLive()) return range
  for (const { video, audio } of player.getManifest()?.variants ?? []) {
    const index = (video ?? audio)?.segmentIndex
    const earliest = index?.get(index.getNumEvicted())
    if (earliest) return { ...range, start: Math.min(range.end, Math.max(range.start, earliest.startTime)) }
  }
  return range
}

const hasQualities = (player: shaka.Player): boolean => player.getVideoTracks().length > 1

/**
 * A channel that has just begun arrives no faster than it is sent: with a thin buffer the playlist is asked for more
 * often and the picture runs a little slower, which nobody sees, instead of stopping, which everybody does.
 */
function createPace(player: shaka.Player): { reset: () => void; tell: (ahead: number) => void } {
  let thin: boolean | null = null
  return {
    reset: () => {
      thin = null
    },
    tell: ahead => {
      const { thinAt, calmAt } = hasQualities(player) ? reserve : pace
      const now = ahead < (thin ? calmAt : thinAt)
      if (now === thin) return
      thin = now
      player.configure('manifest.updatePeriod', thin ? pace.thinPeriod : pace.calmPeriod)
      player.trickPlay(thin ? pace.thinRate : 1, false)
    },
  }
}

function prepareText(player: shaka.Player, { text }: Shaka, video: HTMLVideoElement, place: HTMLElement | null): void {
  const create = player.getConfiguration().textDisplayFactory
  player.configure('textDisplayFactory', (owner: shaka.Player) => {
    const displayer = create(owner)
    showPictures(displayer, video, place)
    // Browsers that draw captions themselves copy them, and are left alone.
    if (displayer instanceof text.UITextDisplayer) joinSeams(displayer)
    return displayer
  })
}

function configure(player: shaka.Player, shape: StreamShape): void {
  player.configure(configs[shape])
  player.configure('abr.enabled', true)
  // Our text of channels counts from the beginning of its segment: the clocks of channels begin anew at any time.
  player.configure('manifest.segmentRelativeVttTiming', shape === 'live')
}

/** New signed addresses take the place of old ones. */
function renewalOf(player: shaka.Player): ReturnType<typeof createRenewal> {
  const renewal = createRenewal()
  player.getNetworkingEngine()?.registerRequestFilter((_type, request) => {
    request.uris = request.uris.map(renewal.rewrite)
  })
  return renewal
}

function createPicks(
  player: shaka.Player,
  text: ReturnType<typeof createTextPicker>,
  events: StreamEvents,
): Pick<Stream, 'pickQuality' | 'pickAudio' | 'pickSubtitles'> {
  return {
    pickQuality: key => {
      player.configure('abr.enabled', key === null)
      const track = player.getVideoTracks().find(one => videoKey(one) === key)
      if (track) player.selectVideoTrack(track, true)
      if (key === null) freeChoice(player)
      events.onTracks()
    },
    pickAudio: key => {
      const track = player.getAudioTracks().find(one => soundKey(one) === key)
      if (track) player.selectAudioTrack(track)
    },
    pickSubtitles: key => {
      text.pick(key)
      events.onTracks()
    },
  }
}

function createPlayer(
  library: Shaka,
  video: HTMLVideoElement,
  subtitles: HTMLElement | null,
  isFilm: () => boolean,
): shaka.Player {
  const player = new library.Player()
  if (subtitles) player.setVideoContainer(subtitles)
  player.configure(commonConfig)
  player.configure('abrFactory', () => createQualityChoice(library, player, isFilm))
  prepareText(player, library, video, subtitles)
  return player
}

/** HLS through one Shaka player, which stays with its video element from channel to channel. */
export async function createShakaStream(
  video: HTMLVideoElement,
  subtitles: HTMLElement | null,
  shape: () => StreamShape,
  events: StreamEvents,
): Promise<Stream> {
  const library = await loadShaka()
  const isFilm = () => shape() === 'film'
  const player = createPlayer(library, video, subtitles, isFilm)
  const text = createTextPicker(player, isFilm, parked)
  listenTo(player, events)
  const pacer = createPace(player)
  const remember = forgetAbandonedStarts(player, library, video)
  const supply = watchSupply(player, library)
  const renewal = renewalOf(player)
  let prepared: { url: string; manager: shaka.media.PreloadManager | null } | null = null

  return {
    protect: drm => {
      player.configure('drm', toDrmSettings(drm))
    },
    prepare: async (url, mimeType, startSeconds) => {
      prepared = { url, manager: await player.preload(url, startSeconds, mimeType) }
      await prepared.manager?.waitForFinish()
    },
    load: async (url, mimeType, startSeconds) => {
      let ready = prepared?.url === url ? prepared.manager : null
      prepared = null
      renewal.reset(url)
      supply.reset()
      text.begin()
      configure(player, shape())
      // The playlist travels while the stream before is still being taken down.
      ready ??= await player.preload(url, startSeconds, mimeType)
      if (player.getMediaElement() !== video) await player.attach(video)
      await player.load(ready ?? url, startSeconds, mimeType)
      text.end()
      if (isChannel(shape()) && hasQualities(player)) player.configure('streaming.rebufferingGoal', reserve.startAt)
      pacer.reset()
    },
    renew: renewal.renew,
    stop: () => player.unload(true),
    release: () => player.detach(),
    pace: ahead => isChannel(shape()) && pacer.tell(ahead),
    destroy: () => player.destroy().finally(text.destroy).finally(remember),
    seekRange: () => keptRange(player),
    choices: () => text.hide(readChoices(player)),
    figures: () => ({ ...readFigures(player, isChannel(shape())), supply: supply.read() }),
    ...createPicks(player, text, events),
  }
}
