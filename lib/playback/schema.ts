import { z } from 'zod'
import { DrmPlayback, KeySystem } from './drm/drm-config'

export { DrmInput, DrmPlayback, DrmView, KeySystem, LicenceForm } from './drm/drm-config'

/** No picture is higher: who asks for so many lines wants it as it is, whatever the data saver says. */
export const ANY_HEIGHT = 4320
/** Lines of the highest and of the lowest picture that is encoded here. */
export const HIGHEST_ENCODED = 1080
export const LOWEST_ENCODED = 144

/** Lines that devices are asked about: each would be an encode of its own. */
const smoothHeights = [240, 360, 480, 720, 1080, 2160]
const SmoothHeight = z.number().refine(lines => smoothHeights.includes(lines))

/** One decoder of the device, as MediaCapabilities describes it. */
export const Decoder = z.strictObject({
  codec: z.enum(['h264', 'hevc', 'av1', 'vp9']),
  /** Most bits per sample. */
  bitDepth: z.union([z.literal(8), z.literal(10)]),
  /** Lines of the largest picture that it shows smoothly, at up to 30 frames a second. */
  height: SmoothHeight,
  /** The same at up to 60. */
  fastHeight: SmoothHeight,
})
export type Decoder = z.infer<typeof Decoder>

/** What the browser says it can decode. */
export const Capabilities = z.strictObject({
  /** By name only: MediaSource.isTypeSupported and canPlayType. */
  video: z.array(z.enum(['h264', 'hevc', 'av1', 'vp8', 'vp9', 'mpeg2video'])).max(10),
  audio: z.array(z.enum(['aac', 'mp3', 'ac3', 'eac3', 'mp2', 'opus', 'flac', 'vorbis'])).max(10),
  containers: z.array(z.enum(['mp4', 'matroska', 'webm', 'mpegts'])).max(10),
  /** Does it play H.264 whose key frames say how they are to be decoded (`avc3`)? Not when absent. */
  inBand: z.boolean().optional(),
  /** All decoders of the codecs that can be asked about; absent where the browser does not tell. */
  decoders: z.array(Decoder).max(20).optional(),
  /** What unlocks protected streams here. Null: it has not been looked for yet, and will be when it matters. */
  keySystems: z.array(KeySystem).max(4).nullable().optional(),
})
export type Capabilities = z.infer<typeof Capabilities>

/** A moment as an address names it. */
export const Moment = z.iso.datetime({ offset: true })

/**
 * The moment that a page's address names; null when it names none. One that cannot be read becomes one that is in no archive, so
 * that the player says so: the live picture would be taken for the past.
 */
export function readMoment(text: string | string[] | undefined): string | null {
  return text === undefined ? null : (Moment.safeParse(text).data ?? new Date(0).toISOString())
}

export const PlaybackInput = z.strictObject({
  itemId: z.number().int().positive(),
  sourceId: z.number().int().positive().optional(),
  capabilities: Capabilities,
  /** Of a channel: replay what was on at this moment, from its archive. */
  from: Moment.optional(),
  /** The browser failed at what it had promised: encode the sound, or everything, anew. */
  convert: z.enum(['audio', 'all']).optional(),
  /** No picture higher than this many lines: the data saver. */
  maxHeight: z.number().int().min(LOWEST_ENCODED).max(ANY_HEIGHT).optional(),
})
export type PlaybackInput = z.infer<typeof PlaybackInput>

/** What a viewer asks for besides, and the highest picture that the account includes, as a session keeps them. */
export interface Wishes extends Pick<PlaybackInput, 'convert' | 'maxHeight'> {
  accountHeight?: number
}

export const wishesOf = ({ convert, maxHeight }: Wishes, accountHeight: number | null): Wishes => ({
  ...(convert === undefined ? {} : { convert }),
  ...(maxHeight === undefined ? {} : { maxHeight }),
  ...(accountHeight === null ? {} : { accountHeight }),
})

/** Answer to "why does it play this way": the weightiest reason, and all of them. */
export const DecisionView = z.object({
  mode: z.string(),
  code: z.string(),
  message: z.string(),
  reasons: z.array(z.object({ code: z.string(), message: z.string() })),
  /** Processor cores of the server that it takes, nominal. */
  cost: z.number(),
})
export type DecisionView = z.infer<typeof DecisionView>

/** Another way to watch what the server has no room to convert now. */
export const OtherWay = z.discriminatedUnion('way', [
  /** Without the viewer's own limit. */
  z.object({ way: z.literal('as-is') }),
  z.object({ way: z.literal('smaller'), maxHeight: z.number().int() }),
  /** Needs no converting, once a connection to it is free. */
  z.object({ way: z.literal('source'), sourceId: z.number().int(), name: z.string() }),
])
export type OtherWay = z.infer<typeof OtherWay>

/** What is on between two moments (ISO). Without a title where the guide knows nothing. */
export const ReplayedProgramme = z.object({ title: z.string(), start: z.string(), stop: z.string() })
export type ReplayedProgramme = z.infer<typeof ReplayedProgramme>

export const PictureTitleTrack = z.object({
  name: z.string(),
  /** ISO 639; null when the file does not say. */
  language: z.string().nullable(),
  title: z.string().nullable(),
  isForced: z.boolean(),
})
export type PictureTitleTrack = z.infer<typeof PictureTitleTrack>

/** Seconds of a film that one piece of its picture subtitles covers. Piece n of track t is `t-n.json` beside the film's playlist. */
export const PICTURE_TITLE_SECONDS = 10

/** Pictures that lie on the picture. Places count in an area of this size. */
export const Pictures = z.object({
  width: z.number(),
  height: z.number(),
  /** `png` in Base64. */
  images: z.array(z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number(), png: z.string() })),
})
export type Pictures = z.infer<typeof Pictures>

/**
 * How the name of a WebVTT cue begins that has pictures, as JSON, instead of words: in the subtitles of channels. Players show no
 * names, so that one that does not know this shows nothing.
 */
export const PICTURES_CUE = 'pictures:'

/** What is shown from `start` on, until `end` or the next; nothing when there are no images. */
const PictureTitleView = Pictures.extend({ start: z.number(), end: z.number().nullable() })
export type PictureTitleView = z.infer<typeof PictureTitleView>

/** `isSquare`: its pixels are square and the area may be higher than the picture; otherwise the area is the picture. */
export const PictureTitlePiece = z.object({ isSquare: z.boolean(), titles: z.array(PictureTitleView) })
export type PictureTitlePiece = z.infer<typeof PictureTitlePiece>

export const PlaybackView = z.object({
  sessionId: z.uuid(),
  /** hls: a playlist for Shaka; file: a progressive file with byte ranges. */
  mode: z.enum(['hls', 'file']),
  live: z.boolean(),
  /** What is replayed; null for everything else. While `growing` it is still on, and what can be played grows with time. */
  catchUp: ReplayedProgramme.extend({ growing: z.boolean(), next: ReplayedProgramme.nullable() }).nullable(),
  url: z.string(),
  mimeType: z.string(),
  resumeSeconds: z.number(),
  sourceId: z.number().int(),
  /** `holds`: what is known to be in it, in one line; null when nobody has looked. `lookedAt`: when somebody did (ISO), where that is known. */
  sources: z.array(
    z.object({
      id: z.number().int(),
      name: z.string(),
      failing: z.boolean(),
      holds: z.string().nullable(),
      lookedAt: z.string().nullable(),
    }),
  ),
  /** Parts of a film, in seconds from its beginning. */
  chapters: z.array(z.object({ start: z.number(), title: z.string() })).optional(),
  /** Small pictures along the way: `{n}` in the address counts them from 0, one for each so many seconds. */
  thumbnails: z.object({ url: z.string(), everySeconds: z.number() }).optional(),
  /** Subtitles of a film that are pictures, which the player draws; `name` stands in the addresses of their pieces. */
  pictureTitles: z.array(PictureTitleTrack).optional(),
  decision: DecisionView,
  /** How it is unlocked; null when it is not protected. */
  drm: DrmPlayback.nullable(),
  /** Send a touch at least this often. */
  touchSeconds: z.number(),
})
export type PlaybackView = z.infer<typeof PlaybackView>

/** The channel a viewer is likely to turn to next. */
export const PrewarmInput = PlaybackInput.pick({ itemId: true, capabilities: true, maxHeight: true })
export type PrewarmInput = z.infer<typeof PrewarmInput>

/** Whether it is being received now, and the session to watch it with. */
export const PrewarmView = z.object({ warm: z.boolean(), session: PlaybackView.nullable() })
export type PrewarmView = z.infer<typeof PrewarmView>

/** Channels of which one wants to know whether they can play now. */
export const RoomQuery = z.strictObject({
  ids: z
    .string()
    .regex(/^\d{1,10}(,\d{1,10}){0,499}$/)
    .transform(text => text.split(',').map(Number)),
})

/** What can still play beside what does. */
export const RoomView = z.object({
  /** Of the providers of these channels, those that allow so many connections at once. */
  connections: z.array(z.object({ provider: z.string(), limit: z.number().int(), free: z.number().int() })),
  /** Those of the channels for which no connection is free. What is being received already needs none. */
  full: z.array(z.number().int()),
})
export type RoomView = z.infer<typeof RoomView>

/** Players play a channel so far behind the end of its playlist, in seconds. */
export const LIVE_DELAY_SECONDS = 4

/** A session is touched this often, in seconds. */
export const TOUCH_SECONDS = 10

export const PlaybackParams = z.object({ id: z.uuid() })

/** Where the viewer is, in seconds; 0 of 0 for live. */
export const TouchInput = z.strictObject({
  positionSeconds: z.number().min(0).max(1_000_000),
  durationSeconds: z.number().min(0).max(1_000_000),
})
export type TouchInput = z.infer<typeof TouchInput>

/**
 * `url` is a fresh address when the old one is about to run out; `decision` how it is really played, which is known for sure
 * only once a channel's first bytes are there.
 */
export const TouchView = z.object({ url: z.string().optional(), decision: DecisionView.optional() })
export type TouchView = z.infer<typeof TouchView>

/** Somebody who watches now, for the Connections page. */
export const ConnectionView = z.object({
  id: z.uuid(),
  account: z.string(),
  profile: z.string().nullable(),
  /** The device line; null for our own pages. */
  line: z.object({ id: z.number().int(), name: z.string() }).nullable(),
  itemId: z.number().int(),
  item: z.string(),
  kind: z.string(),
  mode: z.string(),
  source: z.string().nullable(),
  provider: z.string().nullable(),
  address: z.string(),
  /** User-Agent. */
  app: z.string(),
  startedAt: z.string(),
  bytes: z.number(),
  /** kbit/s of the last seconds. */
  bitrate: z.number().int(),
  /** Connections that the same source feeds, this one included. */
  shared: z.number().int(),
})
export type ConnectionView = z.infer<typeof ConnectionView>

/** One quality that pictures are converted to. */
export const QualityProfile = z.strictObject({
  height: z
    .number()
    .int()
    .min(LOWEST_ENCODED)
    .max(HIGHEST_ENCODED)
    .refine(height => height % 2 === 0, 'must be even'),
  /** Most kbit/s of its picture. */
  kilobits: z.number().int().min(100).max(40_000),
})

/** How pictures are converted on this server. */
export const ConversionSettings = z.strictObject({
  /** Several qualities at once: never, where the picture is converted anyway, or for everything that there are cores for. */
  ladder: z.enum(['off', 'converting', 'always']).default('off'),
  qualities: z
    .array(QualityProfile)
    .min(1)
    .max(6)
    .refine(list => new Set(list.map(({ height }) => height)).size === list.length, 'each height once')
    .default([
      { height: 1080, kilobits: 5_000 },
      { height: 720, kilobits: 2_800 },
      { height: 480, kilobits: 1_400 },
      { height: 360, kilobits: 800 },
      { height: 240, kilobits: 400 },
    ]),
})
export type ConversionSettings = z.infer<typeof ConversionSettings>

/** The settings and what this machine brings for them. */
export const ConversionView = z.object({
  settings: ConversionSettings,
  /** Null: there is no FFmpeg that works. */
  ffmpeg: z.object({ version: z.string(), hardware: z.string().nullable() }).nullable(),
  cores: z.object({ capacity: z.number(), free: z.number() }),
})
export type ConversionView = z.infer<typeof ConversionView>
