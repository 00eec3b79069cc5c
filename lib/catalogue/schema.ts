import { z } from 'zod'
import { itemKinds } from '@/lib/kernel/ids'

export const ItemKind = z.enum(itemKinds)
export type ItemKind = z.infer<typeof ItemKind>

/** Kinds that have a list screen of their own. */
export const BrowseKind = z.enum(['channel', 'movie', 'series'])
export type BrowseKind = z.infer<typeof BrowseKind>

export const ItemId = z.coerce.number().int().positive().max(2_147_483_647)

/** One tile or row. `image` is an address on our own server (picture cache) or null. */
export const ItemCard = z.object({
  id: z.number().int(),
  kind: ItemKind,
  name: z.string(),
  image: z.string().nullable(),
  number: z.number().int().nullable(),
  year: z.number().int().nullable(),
  rating: z.number().nullable(),
  favourite: z.boolean(),
  /** Days of catch-up; 0 = none. */
  archiveDays: z.number().int(),
  /** Episodes only. */
  series: z.object({ id: z.number().int(), name: z.string(), season: z.number().int(), episode: z.number().int() }).nullable(),
  /** How far this profile is, when it has begun. Seconds. */
  progress: z.object({ position: z.number(), duration: z.number(), finished: z.boolean() }).nullable(),
  /** True when no source carries it any more: kept because it is a favourite or was watched. */
  unavailable: z.boolean().optional(),
})
export type ItemCard = z.infer<typeof ItemCard>

export const ItemSort = z.enum(['provider', 'name', 'added', 'rating', 'year'])
export type ItemSort = z.infer<typeof ItemSort>

export const ItemQuery = z.strictObject({
  kind: BrowseKind,
  category: z.coerce.number().int().positive().optional(),
  provider: z.coerce.number().int().positive().optional(),
  genre: z.string().max(60).optional(),
  yearFrom: z.coerce.number().int().min(1880).max(2100).optional(),
  yearTo: z.coerce.number().int().min(1880).max(2100).optional(),
  ratingFrom: z.coerce.number().min(0).max(10).optional(),
  favourites: z.enum(['1']).optional(),
  /** Typing filters the list: a piece of the name. */
  text: z.string().max(80).optional(),
  /** Jump: first letter(s) of the sort name. Only with sort=name. */
  from: z.string().max(20).optional(),
  sort: ItemSort.optional(),
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(60),
})
export type ItemQuery = z.infer<typeof ItemQuery>

export const ItemPage = z.object({ items: z.array(ItemCard), next: z.string().nullable() })
export type ItemPage = z.infer<typeof ItemPage>

export const CategoryView = z.object({
  id: z.number().int(),
  name: z.string(),
  kind: BrowseKind,
  count: z.number().int(),
  provider: z.object({ id: z.number().int(), name: z.string() }),
})
export type CategoryView = z.infer<typeof CategoryView>

export const ItemDetails = z.object({
  backdrop: z.string().nullable(),
  cast: z.array(z.string()),
  director: z.string().nullable(),
  country: z.string().nullable(),
  trailer: z.string().nullable(),
  ageRating: z.string().nullable(),
})
export type ItemDetails = z.infer<typeof ItemDetails>

export const SourceView = z.object({
  id: z.number().int(),
  name: z.string(),
  provider: z.object({ id: z.number().int(), name: z.string() }),
  category: z.string().nullable(),
  failing: z.boolean(),
})
export type SourceView = z.infer<typeof SourceView>

export const EpisodeView = ItemCard.extend({
  plot: z.string().nullable(),
  durationSeconds: z.number().nullable(),
  date: z.string().nullable(),
})
export type EpisodeView = z.infer<typeof EpisodeView>

/** Everything a detail page shows. `seasons` is filled for series only. `stale` = the provider did not answer, this is what we knew. */
export const ItemPageView = ItemCard.extend({
  plot: z.string().nullable(),
  genres: z.array(z.string()),
  durationSeconds: z.number().nullable(),
  addedAt: z.string().nullable(),
  details: ItemDetails.nullable(),
  sources: z.array(SourceView),
  seasons: z.array(z.object({ number: z.number().int(), name: z.string(), episodes: z.array(EpisodeView) })),
  /** Series: the episode to go on with. */
  nextEpisodeId: z.number().int().nullable(),
  similar: z.array(ItemCard),
  stale: z.boolean(),
})
export type ItemPageView = z.infer<typeof ItemPageView>

export const ImportPart = z.object({
  part: z.enum(['account', 'categories', 'channels', 'movies', 'series']),
  state: z.enum(['waiting', 'running', 'done', 'kept', 'failed', 'cancelled']),
  seen: z.number().int(),
  added: z.number().int(),
  removed: z.number().int(),
  dropped: z.number().int(),
  problem: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** What was read all the same, though something is odd about it. */
  warning: z.string().nullish(),
})
export type ImportPart = z.infer<typeof ImportPart>

export const ImportView = z.object({
  id: z.number().int(),
  providerId: z.number().int(),
  state: z.enum(['queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled']),
  progress: z.number().int().min(0).max(100),
  parts: z.array(ImportPart),
  problem: z.object({ code: z.string(), message: z.string() }).nullable(),
  queuedAt: z.string(),
  finishedAt: z.string().nullable(),
})
export type ImportView = z.infer<typeof ImportView>

export const SearchQuery = z.strictObject({ q: z.string().trim().min(1).max(80) })
export const SearchView = z.object({
  channels: z.array(ItemCard),
  movies: z.array(ItemCard),
  series: z.array(ItemCard),
  episodes: z.array(ItemCard),
})
export type SearchView = z.infer<typeof SearchView>

export const HomeView = z.object({
  hero: ItemCard.extend({ plot: z.string().nullable(), backdrop: z.string().nullable() }).nullable(),
  continueWatching: z.array(ItemCard),
  favouriteChannels: z.array(ItemCard),
  favourites: z.array(ItemCard),
  recentChannels: z.array(ItemCard),
  newMovies: z.array(ItemCard),
  newSeries: z.array(ItemCard),
  /** True before any provider was added: Home shows the first step instead of empty rows. */
  empty: z.boolean(),
})
export type HomeView = z.infer<typeof HomeView>

/** Now and next of a channel from the provider's short guide. ISO times. */
export const NowView = z.object({
  title: z.string(),
  start: z.string(),
  end: z.string(),
  next: z.object({ title: z.string(), start: z.string() }).nullable(),
})
export type NowView = z.infer<typeof NowView>

export const MergeInput = z.strictObject({ itemId: z.number().int().positive() })

export const ItemParams = z.object({ id: ItemId })
export const SourceParams = z.object({ id: ItemId })

export const RefreshInput = z.strictObject({
  parts: z
    .array(z.enum(['channels', 'movies', 'series']))
    .max(3)
    .optional(),
})
export type RefreshInput = z.infer<typeof RefreshInput>

export const NowQuery = z.strictObject({
  ids: z
    .string()
    .regex(/^\d{1,10}(,\d{1,10}){0,29}$/)
    .transform(text => text.split(',').map(Number)),
})

/** A package of platform categories. */
export const BouquetInput = z.strictObject({
  name: z.string().trim().min(1, 'Give this bouquet a name.').max(60),
  categoryIds: z.array(z.number().int().positive().max(2_147_483_647)).max(5_000),
})
export type BouquetInput = z.infer<typeof BouquetInput>

export const BouquetView = z.object({
  id: z.number().int(),
  name: z.string(),
  categoryIds: z.array(z.number().int()),
  /** Device lines that use it. */
  lines: z.number().int(),
})
export type BouquetView = z.infer<typeof BouquetView>
