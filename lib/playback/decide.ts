import { AppError, type ErrorCode } from '@/lib/kernel/errors'
import type { ItemKind } from '@/lib/kernel/ids'
import { rungsFor, topHeight } from './conversion/ladder'
import { conversionCost } from './conversion-cost'
import { refuseLocked } from './drm/key-systems'
import { type AudioFacts, areTracksKnown, type SourceFacts } from './facts'
import { findHopeless, isMute, sounds } from './hopeless'
import { nameOfCodec, nameOfContainer } from './media-names'
import { encodedLimit, findUnplayable, isHigher, lowestLimit, smoothHeight } from './picture-fit'
import type { Capabilities, ConversionSettings, DecisionView, KeySystem } from './schema'

export interface PlaybackPolicy {
  /** May the browser fetch from the provider itself? Shows it the provider's address and password. */
  allowsDirect: boolean
  /** Is there an FFmpeg that works here? */
  canConvert: boolean
  /** Can that FFmpeg read tracks of this codec? */
  decodes(codec: string): boolean
  /** Processor cores that conversions may still take. */
  freeCores: number
  /** No picture higher than this; null for any. The viewer's wish: the data saver. */
  maxHeight: number | null
  /** The highest picture that the account includes; null for any. */
  accountHeight: number | null
  /** What unlocks the item: one of these has to be there. Empty for one that is not locked. */
  keySystems: readonly KeySystem[]
  /** Several qualities to change between, as the administrator has set them. */
  ladder: ConversionSettings['ladder']
  qualities: ConversionSettings['qualities']
  /** We encrypt it ourselves, so that it cannot leave as it is. */
  isProtected: boolean
  /** What the browser failed at although it had promised: convert that whatever is known. */
  convert: 'audio' | 'all' | null
}

export const decisionCodes = [
  'LIVE_PACKAGED',
  'LIVE_UNKNOWN_CODECS',
  'HLS_FROM_PROVIDER',
  'FILE_AS_IS',
  'FILE_UNKNOWN_CODECS',
  'DIRECT_FROM_PROVIDER',
  'VIDEO_CODEC',
  'AUDIO_CODEC',
  'CONTAINER',
  'SEVERAL_TRACKS',
  'NO_INDEX',
  'PROTECTED',
  'KEY_SYSTEM',
  'INTERLACED',
  'OPEN_GROUPS',
  'TOO_LARGE',
  'LADDER',
  'ASKED_FOR',
  'NO_CONVERTER',
  'TRANSCODER_BUSY',
  'NOTHING_READS_IT',
] as const
export type DecisionCode = (typeof decisionCodes)[number]

export interface Reason {
  code: DecisionCode
  /** One sentence for whoever asks why it plays this way. */
  message: string
}

/**
 * direct: the browser asks the provider · hls-proxy: the provider's own HLS, passed on · hls-package: live packets cut into segments ·
 * file: a file with byte ranges · remux: a film cut into segments, nothing encoded anew · audio: the same with sound as AAC (live too) ·
 * transcode: picture and sound encoded anew · ladder: in several qualities · unsupported: nothing that can be done here.
 */
export type PlaybackMode =
  | 'direct'
  | 'hls-proxy'
  | 'hls-package'
  | 'file'
  | 'remux'
  | 'audio'
  | 'transcode'
  | 'ladder'
  | 'unsupported'

export interface Decision extends Reason {
  mode: PlaybackMode
  /** All of them, the weightiest first; the first is also the decision's own code and message. */
  reasons: Reason[]
  /** Processor cores it takes, nominal. */
  cost: number
  /** An encoded picture has at most so many lines; null for as many as we encode. */
  maxHeight: number | null
}

export interface DecisionInput {
  kind: Extract<ItemKind, 'channel' | 'movie' | 'episode'>
  source: SourceFacts
  capabilities: Capabilities
  policy: PlaybackPolicy
}

/** What a viewer may know of it. */
export const describeDecision = ({ mode, code, message, reasons, cost }: Decision): DecisionView => ({
  mode,
  code,
  message,
  reasons,
  cost,
})

const refusals: Partial<Record<DecisionCode, ErrorCode>> = {
  TRANSCODER_BUSY: 'TRANSCODE_BUSY',
  NOTHING_READS_IT: 'FILM_FORMAT',
  KEY_SYSTEM: 'DRM_UNSUPPORTED',
  TOO_LARGE: 'PICTURE_LIMIT',
}

/** The failure that a decision against playing is. */
export function refusalOf({ code, message }: Decision): AppError {
  return new AppError(refusals[code] ?? 'CODEC_UNSUPPORTED', { say: message })
}

/** How this source reaches this browser, and why. Pure. */
export function decidePlayback(input: DecisionInput): Decision {
  const { source, policy } = input
  const locked = refuseLocked(policy.keySystems, input.capabilities.keySystems ?? null)
  if (locked !== null) return unsupported({ code: 'KEY_SYSTEM', message: locked })
  // Its segments go through as they come: there is nothing of it that we could encrypt.
  if (policy.isProtected && source.container === 'hls') return unsupported(said.open)
  const hopeless = findHopeless(input)
  if (hopeless !== null) return unsupported(hopeless)
  const picture = reasonsForPicture(input)
  const sound = reasonsForSound(input)
  if (picture.length > 0) return encode(input, ladderFits(input) ? 'ladder' : 'transcode', [...picture, ...sound])
  if (sound.length > 0) return encode(input, 'audio', sound)
  if (source.container === 'hls') return policy.allowsDirect ? plain('direct', said.direct) : plain('hls-proxy', said.provider)
  if (input.kind === 'channel') return plain('hls-package', areTracksKnown(source) ? said.live : said.liveUnknown)
  return decideFile(input)
}

const said = {
  direct: { code: 'DIRECT_FROM_PROVIDER', message: 'The browser fetches the stream from the provider itself.' },
  provider: { code: 'HLS_FROM_PROVIDER', message: 'The provider sends HLS; we pass its segments on unchanged.' },
  live: { code: 'LIVE_PACKAGED', message: 'The browser plays these codecs; we only cut the stream into segments.' },
  liveUnknown: { code: 'LIVE_UNKNOWN_CODECS', message: 'We have not seen this stream yet; we cut it into segments and try.' },
  file: { code: 'FILE_AS_IS', message: 'The browser plays this file as it is.' },
  fileUnknown: {
    code: 'FILE_UNKNOWN_CODECS',
    message: 'We have not seen inside this file yet; the browser gets it as it is.',
  },
  locked: { code: 'PROTECTED', message: 'This film is protected: it is encrypted on its way to you.' },
  open: {
    code: 'PROTECTED',
    message: 'This film is to be protected, and its provider sends it in a form that we cannot encrypt.',
  },
  tracks: { code: 'SEVERAL_TRACKS', message: 'Repacked, so that you can choose between its languages and subtitles.' },
  groups: { code: 'OPEN_GROUPS', message: 'Browsers can begin at no picture of it but the first, so we encode it anew.' },
  noIndex: { code: 'NO_INDEX', message: 'Repacked, because no browser can jump in a file without an index.' },
} satisfies Record<string, Reason>

const plain = (mode: PlaybackMode, reason: Reason): Decision => ({ mode, ...reason, reasons: [reason], cost: 0, maxHeight: null })
const unsupported = (reason: Reason, ...more: Reason[]): Decision => ({
  ...plain('unsupported', reason),
  reasons: [reason, ...more],
})

/** What browsers take in the pieces of MP4 that a repacked film is sent in. */
const repackable: ReadonlySet<string> = new Set(['h264', 'hevc', 'av1', 'vp9'])

function decideFile({ source, capabilities, policy }: DecisionInput): Decision {
  const { container } = source
  if (policy.isProtected && container !== 'other' && container !== 'hls') return plain('remux', said.locked)
  if (container === null) return plain('file', said.fileUnknown)
  const opens = container !== 'other' && container !== 'avi' && container !== 'hls' && capabilities.containers.includes(container)
  if (!opens) {
    const name = nameOfContainer(container)
    if (!areTracksKnown(source)) return unsupported({ code: 'CONTAINER', message: `We could not look into this ${name} file.` })
    return plain('remux', {
      code: 'CONTAINER',
      message: `This browser cannot open ${name} files, so we repack it. Nothing is lost.`,
    })
  }
  const isRepackable = source.video === null || repackable.has(source.video.codec)
  if (isRepackable && (source.audio.length > 1 || source.subtitles.length > 0)) return plain('remux', said.tracks)
  if (isRepackable && source.hasIndex === false) return plain('remux', said.noIndex)
  return plain('file', areTracksKnown(source) ? said.file : said.fileUnknown)
}

/** Why the picture cannot stay as it is; nothing when it can. */
function reasonsForPicture(input: DecisionInput): Reason[] {
  const { source, capabilities, policy } = input
  const { video } = source
  const reasons: Reason[] = []
  const unplayable = video && findUnplayable(video, capabilities)
  if (unplayable !== null) reasons.push({ code: 'VIDEO_CODEC', message: `This browser cannot show ${unplayable} video.` })
  // It has a name in MP4 when its pictures say in which order they are shown (film/read/avi).
  if (source.container === 'avi' && video !== null && video.codecString === null && reasons.length === 0)
    reasons.push({ code: 'CONTAINER', message: 'The picture of this AVI file cannot be repacked, so we encode it anew.' })
  if (policy.convert === 'all') reasons.push({ code: 'ASKED_FOR', message: 'The picture as it is could not be shown here.' })
  return [...reasons, ...listLimits(input), ...listWishes(input)]
}

/** What the account or the viewer does not want to be exceeded. */
function listLimits({ source: { video }, policy }: DecisionInput): Reason[] {
  const limit = lowestLimit(policy)
  if (video === null || limit === null || !isHigher(video, limit.lines)) return []
  // What cannot be helped without a converter plays as it is: but for what the account includes, these are no needs.
  const isNeed = limit.whose === 'account' || (!policy.canConvert && isHigher(video, policy.accountHeight))
  if (isNeed) return [{ code: 'TOO_LARGE', message: `Your account includes pictures up to ${policy.accountHeight}p.` }]
  if (!policy.canConvert) return []
  return [{ code: 'TOO_LARGE', message: `You asked for no more than ${limit.lines}p.` }]
}

/** What would be better, where the server has room for it. */
function listWishes(input: DecisionInput): Reason[] {
  const { kind, source, capabilities, policy } = input
  const { video } = source
  if (!policy.canConvert || video === null) return []
  const reasons: Reason[] = []
  const fits = costOf(input, 'transcode') <= policy.freeCores
  const smooth = smoothHeight(video, capabilities)
  if (fits && findUnplayable(video, capabilities) === null && isHigher(video, smooth))
    reasons.push({
      code: 'TOO_LARGE',
      message: `This device shows no more than ${smooth}p of ${nameOfCodec(video.codec)} video smoothly.`,
    })
  if (video.openGroups === true && (kind === 'channel' || (fits && isCut(input)))) reasons.push(said.groups)
  if (video.interlaced === true && fits)
    reasons.push({ code: 'INTERLACED', message: 'The picture comes in half frames; we make whole ones of them.' })
  if (policy.ladder === 'always' && ladderFits(input) && (kind !== 'channel' || areTracksKnown(source)))
    reasons.push({ code: 'LADDER', message: 'It is sent in several qualities, so that it goes on when the connection is slow.' })
  return reasons
}

/** Does it reach the browser in segments, each of which a jump may begin with? */
const isCut = (input: DecisionInput): boolean =>
  input.kind === 'channel' || reasonsForSound(input).length > 0 || decideFile(input).mode !== 'file'

/** Why the sound cannot stay as it is. One track that plays is not enough: every language has to be there that can be. */
function reasonsForSound({ kind, source, capabilities, policy }: DecisionInput): Reason[] {
  const reasons: Reason[] = []
  const isLost = (track: AudioFacts) => kind !== 'channel' && policy.canConvert && isMute(track, { capabilities, policy })
  const silent = source.audio.filter(track => !sounds(track, capabilities) && !isLost(track))
  for (const codec of new Set(silent.map(track => track.codec)))
    reasons.push({ code: 'AUDIO_CODEC', message: `This browser cannot play ${nameOfCodec(codec)} sound.` })
  if (policy.convert === 'audio') reasons.push({ code: 'ASKED_FOR', message: 'The sound as it is could not be played here.' })
  return reasons
}

type Making = 'audio' | 'transcode' | 'ladder'

/** No more lines than this are made; null for as many as there are. */
const limitOf = ({ source, capabilities, policy }: DecisionInput, mode: Making): number | null =>
  mode === 'audio' ? null : encodedLimit(policy, capabilities, source.video?.frameRate ?? null)

/** Of a film only the quality that is watched is made; of a channel all of them, all the time. */
function costOf(input: DecisionInput, mode: Making): number {
  const { kind, source, policy } = input
  const made = { maxHeight: limitOf(input, mode), qualities: policy.qualities }
  return conversionCost(source.video, mode === 'ladder' && kind !== 'channel' ? 'transcode' : mode, made)
}

/** Several qualities are a wish: where they are too much, or come to one, one is made. */
function ladderFits(input: DecisionInput): boolean {
  const { source, policy } = input
  if (policy.ladder === 'off' || source.video === null) return false
  const isSeveral = rungsFor('ladder', topHeight(source.video, limitOf(input, 'ladder')), policy.qualities).length > 1
  return isSeveral && costOf(input, 'ladder') <= policy.freeCores
}

/** What converting takes, or why it cannot be done. */
function encode(input: DecisionInput, mode: Making, reasons: Reason[]): Decision {
  const { policy } = input
  const [first] = reasons
  const cost = costOf(input, mode)
  const refuse = (code: DecisionCode, why: string) =>
    unsupported({ code, message: `${first?.message ?? ''} ${why}`.trim() }, ...reasons)
  if (!policy.canConvert) return refuse(first?.code ?? 'NO_CONVERTER', 'This server cannot convert it.')
  if (cost > policy.freeCores)
    return refuse('TRANSCODER_BUSY', 'Converting it is more than this server can do beside what it does already.')
  return { mode, code: first?.code ?? 'ASKED_FOR', message: first?.message ?? '', reasons, cost, maxHeight: limitOf(input, mode) }
}
