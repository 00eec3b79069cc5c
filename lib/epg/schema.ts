import { z } from 'zod'
import { ItemId } from '@/lib/catalogue/schema'
import { RefreshHours } from '@/lib/providers/schema'
import { ShiftMinutes } from './match-schema'

export {
  ChannelSearch,
  GuideChannelChoice,
  GuideMatchHow,
  MatchDecision,
  MatchesView,
  MatchQuery,
  MatchView,
  StoredCandidate,
} from './match-schema'

/** Who took part, in the order in which XMLTV wants them. */
export const creditRoles = [
  'director',
  'actor',
  'writer',
  'adapter',
  'producer',
  'composer',
  'editor',
  'presenter',
  'commentator',
  'guest',
] as const
export const CreditRole = z.enum(creditRoles)
export type CreditRole = z.infer<typeof CreditRole>

/** What a guide may tell of a programme beside its texts. Only what was told is there. */
export const ProgrammeDetails = z
  .object({
    /** Of title and description, as the guide writes it (`en`, `pt-BR`). */
    language: z.string(),
    /** `as`: the character an actor plays. */
    credits: z.array(z.object({ role: CreditRole, name: z.string(), as: z.string().optional() })),
    /** YYYY, YYYYMM or YYYYMMDD of the production. */
    date: z.string(),
    /** From 1. */
    season: z.number().int(),
    episode: z.number().int(),
    part: z.number().int(),
    /** As the guide writes it for people: `S01E05`. */
    onscreen: z.string(),
    /** Numbers of other systems: `dd_progid`, `themoviedb.org`. */
    numbers: z.array(z.object({ system: z.string(), value: z.string() })),
    ratings: z.array(z.object({ system: z.string(), value: z.string() })),
    /** `7/10`. */
    stars: z.string(),
    icon: z.string(),
    isNew: z.boolean(),
    isPremiere: z.boolean(),
    isRepeat: z.boolean(),
    isLive: z.boolean(),
  })
  .partial()
export type ProgrammeDetails = z.infer<typeof ProgrammeDetails>

/** How far the import of a guide is, and what became of the last one. Stands in `guide_source.progress`. */
export const GuideProgress = z.object({
  /** Bytes unpacked so far. */
  bytes: z.number().default(0),
  channels: z.number().int().default(0),
  programmes: z.number().int().default(0),
  /** Programmes that were none: no title, no time, ends before it starts, outside of what is kept. */
  dropped: z.number().int().default(0),
  /** True while what was read is being put in its place: the last part. */
  isWriting: z.boolean().default(false),
  /** Rows written or taken away. */
  changed: z.number().int().default(0),
})
export type GuideProgress = z.infer<typeof GuideProgress>

export const GuideState = z.enum(['idle', 'queued', 'running'])

/** One guide as people see it. */
export const GuideSourceView = z.object({
  id: z.number().int(),
  providerId: z.number().int().nullable(),
  name: z.string(),
  /** The lowest is asked first. */
  priority: z.number().int(),
  shiftMinutes: z.number().int(),
  /** 0: never by itself. A provider's own guide follows its provider. */
  refreshHours: z.number().int(),
  /** Without credentials; empty for a provider's own guide, a file, and where it is not the viewer's business. */
  address: z.string(),
  isFile: z.boolean(),
  /** Serves everybody. */
  platform: z.boolean(),
  /** The viewer may change it. */
  mine: z.boolean(),
  channels: z.number().int(),
  state: GuideState,
  progress: GuideProgress,
  refreshedAt: z.string().nullable(),
  problem: z.object({ code: z.string(), message: z.string() }).nullable(),
  version: z.number().int(),
})
export type GuideSourceView = z.infer<typeof GuideSourceView>

const Priority = z.number().int().min(-100).max(100)
/** An uploaded file in base64; 17 MB of it. */
const UploadedFile = z.base64().max(23_000_000, 'Files may have up to 17 MB. Pack a larger one with gzip.')

const settings = {
  name: z.string().trim().min(1, 'Give this guide a name.').max(60),
  url: z.string().trim().max(2_000),
  file: UploadedFile,
  priority: Priority,
  shiftMinutes: ShiftMinutes,
  refreshHours: RefreshHours,
}

/** A guide by address or by file. Behind the providers' own unless it says otherwise. */
export const GuideSourceInput = z.strictObject({
  ...settings,
  url: settings.url.optional(),
  file: settings.file.optional(),
  priority: Priority.default(10),
  shiftMinutes: ShiftMinutes.default(0),
  refreshHours: RefreshHours.default(24),
  /** Admins only: for everybody. */
  platform: z.boolean().default(false),
})
export type GuideSourceInput = z.infer<typeof GuideSourceInput>

/** What is absent stays. Of a provider's own guide only priority and shift can change. */
export const GuideSourceChange = z.strictObject(settings).partial()
export type GuideSourceChange = z.infer<typeof GuideSourceChange>

export const GuideSourceId = z.object({ id: z.coerce.number().int().positive().max(2_147_483_647) })

/** A programme as it is stored. */
export interface Programme {
  start: Date
  stop: Date
  title: string
  subTitle: string | null
  description: string | null
  categories: string[]
  details: ProgrammeDetails | null
}

/** What a programme is about, as far as a colour can say it. */
export const guideGenres = ['news', 'sport', 'film', 'series', 'children', 'documentary', 'music', 'show'] as const
export type GuideGenre = (typeof guideGenres)[number]

/** Days of a guide that are kept: ahead, and back where there is no archive and where it is the deepest that is believed. */
export const guideReach = { ahead: 14, leastBack: 1, mostBack: 31 } as const
export type GuideReach = typeof guideReach

/** Most channels of one window, and most of its hours. */
export const MAX_WINDOW_CHANNELS = 30
/** A day, as long as the longest of a year is. */
export const MAX_WINDOW_HOURS = 25

const ids = z
  .string()
  .regex(new RegExp(`^\\d{1,10}(,\\d{1,10}){0,${MAX_WINDOW_CHANNELS - 1}}$`))
  .transform(text => text.split(',').map(Number))
  .pipe(z.array(z.number().int().max(2_147_483_647)))
/** Seconds since 1970. */
const Moment = z.coerce.number().int().min(0).max(9_999_999_999)

export const GuideWindowQuery = z.strictObject({
  ids,
  from: Moment,
  hours: z.coerce.number().int().min(1).max(MAX_WINDOW_HOURS).default(4),
})
export type GuideWindowQuery = z.infer<typeof GuideWindowQuery>

/** Which channels, in which order. */
export const GuideRowsQuery = z.strictObject({
  category: z.coerce.number().int().positive().optional(),
  provider: z.coerce.number().int().positive().optional(),
  text: z.string().max(80).optional(),
  /** Only these, or these before the others. */
  favourites: z.enum(['only', 'first']).optional(),
})
export type GuideRowsQuery = z.infer<typeof GuideRowsQuery>

export const GuideRowsView = z.object({
  ids: z.array(z.number().int()),
  /** There are more channels than are listed. */
  more: z.boolean(),
  /** Days that the deepest archive of them reaches back; 0 without one. */
  archiveDays: z.number().int(),
})
export type GuideRowsView = z.infer<typeof GuideRowsView>

/** Bits of the flags of a cell. Of a short one nothing but its title and times is known. */
export const cellFlags = { isNew: 1, isPremiere: 2, isRepeat: 4, isLive: 8, isShort: 16 } as const

/** One programme of a window: start and stop in seconds, title, place in `guideGenres` counted from 1 (0 = none), flags. */
export const GuideCell = z.tuple([z.number().int(), z.number().int(), z.string(), z.number().int(), z.number().int()])
export type GuideCell = z.infer<typeof GuideCell>

export const GuideChannelView = z.object({
  id: z.number().int(),
  name: z.string(),
  number: z.number().int().nullable(),
  image: z.string().nullable(),
  archiveDays: z.number().int(),
  favourite: z.boolean(),
})
export type GuideChannelView = z.infer<typeof GuideChannelView>

/** Channels in the order asked; where nothing is known between two cells, there is nothing. */
export const GuideWindowView = z.object({
  from: z.number().int(),
  to: z.number().int(),
  channels: z.array(GuideChannelView.extend({ cells: z.array(GuideCell) })),
  /** Seconds after which there may be more: providers without a guide are being asked what is on. */
  again: z.number().int().optional(),
})
export type GuideWindowView = z.infer<typeof GuideWindowView>

export const ProgrammeQuery = z.strictObject({ channel: ItemId, start: Moment })
export type ProgrammeQuery = z.infer<typeof ProgrammeQuery>

/** Where and when something is on. Seconds. */
export const AiringView = z.object({
  channel: z.object({ id: z.number().int(), name: z.string() }),
  start: z.number().int(),
  stop: z.number().int(),
  title: z.string(),
})
export type AiringView = z.infer<typeof AiringView>

/** What is on now that a profile may like, the best first. */
export const ForYouView = z.array(
  z.object({
    channel: GuideChannelView,
    start: z.number().int(),
    stop: z.number().int(),
    title: z.string(),
    genre: z.enum(guideGenres).nullable(),
  }),
)
export type ForYouView = z.infer<typeof ForYouView>

const airings = z.array(AiringView)
/** Programmes found by their titles, the best first. */
export const FoundProgrammesView = z.object({ onNow: airings, comingUp: airings, catchUp: airings })
export type FoundProgrammesView = z.infer<typeof FoundProgrammesView>

/** Everything the panel of one programme shows. */
export const ProgrammeView = z.object({
  channel: GuideChannelView,
  start: z.number().int(),
  stop: z.number().int(),
  title: z.string(),
  subTitle: z.string().nullable(),
  description: z.string().nullable(),
  categories: z.array(z.string()),
  genre: z.enum(guideGenres).nullable(),
  details: ProgrammeDetails,
  /** The same title at other times or on other channels of the viewer. */
  airings: z.array(AiringView),
  /** Of the same genre, on at this moment. */
  similar: z.array(AiringView),
})
export type ProgrammeView = z.infer<typeof ProgrammeView>
