import { z } from 'zod'

export const ProviderKind = z.enum(['xtream', 'm3u'])
export type ProviderKind = z.infer<typeof ProviderKind>

/** More than the guard of outgoing requests takes, so that it is the one to say that an address is too long. */
const MAX_ADDRESS = 20_000

const name = z.string().trim().min(1, 'Give this source a name.').max(60)
export const RefreshHours = z.union([z.literal(0), z.literal(6), z.literal(12), z.literal(24), z.literal(48)])

const shared = {
  name,
  refreshHours: RefreshHours.default(24),
  userAgent: z.string().trim().max(200).optional(),
  /** Admins only: everyone's source rather than one account's own. */
  platform: z.boolean().default(false),
  /** What is new here joins what the owner's other sources call by the same name. False when absent. */
  autoMerge: z.boolean().optional(),
}

export const XtreamInput = z.strictObject({
  kind: z.literal('xtream'),
  ...shared,
  /** As pasted; see parse-address.ts for the forms understood. */
  address: z.string().trim().min(1, 'Give the address of the server.').max(MAX_ADDRESS),
  username: z.string().min(1, 'Give the user name.').max(200),
  password: z.string().min(1, 'Give the password.').max(200),
})

export const M3uInput = z.strictObject({
  kind: z.literal('m3u'),
  ...shared,
  playlistUrl: z.string().trim().max(MAX_ADDRESS).optional(),
  /** The text of an uploaded file, instead of an address. At most 20 MB. */
  playlistText: z.string().max(20_000_000).optional(),
  guideUrl: z.string().trim().max(2_000).optional(),
})

export const ProviderInput = z.discriminatedUnion('kind', [XtreamInput, M3uInput])
export type ProviderInput = z.infer<typeof ProviderInput>

/** A change: what is absent stays; an empty password stays too. `kind` cannot change. */
export const ProviderChange = z
  .strictObject({
    name,
    refreshHours: RefreshHours,
    userAgent: z.string().trim().max(200),
    address: z.string().trim().min(1).max(MAX_ADDRESS),
    username: z.string().min(1).max(200),
    password: z.string().max(200),
    playlistUrl: z.string().trim().max(MAX_ADDRESS),
    playlistText: z.string().max(20_000_000),
    guideUrl: z.string().trim().max(2_000),
    autoMerge: z.boolean(),
    delivery: z.enum(['proxy', 'redirect']),
  })
  .partial()
export type ProviderChange = z.infer<typeof ProviderChange>

/** What the provider's server last said of the account. Times are ISO, `maxConnections` null = no limit known. */
export const AccountStatus = z.object({
  status: z.enum(['active', 'expired', 'banned', 'disabled', 'unknown']),
  expiresAt: z.string().nullable(),
  activeConnections: z.number().int().nullable(),
  maxConnections: z.number().int().nullable(),
  trial: z.boolean(),
  /** Provider wall clock minus UTC, minutes (protocols.md 1.2). */
  clockOffsetMinutes: z.number().int(),
  /** Its zone (IANA), only while its clock agrees with it: with it, times of another season are right too. */
  timezone: z.string().optional(),
  formats: z.array(z.string()),
})
export type AccountStatus = z.infer<typeof AccountStatus>

/** One card on the Sources screen. Contains no credential. */
export const ProviderView = z.object({
  id: z.number().int(),
  kind: ProviderKind,
  name: z.string(),
  address: z.string(),
  platform: z.boolean(),
  /** May this viewer edit, refresh and delete it? */
  mine: z.boolean(),
  /** Shown by the profile in use? */
  shown: z.boolean(),
  account: AccountStatus.nullable(),
  /** Code and sentence when the last contact failed. */
  problem: z.object({ code: z.string(), message: z.string() }).nullable(),
  refreshHours: z.number().int(),
  refreshedAt: z.string().nullable(),
  /** True when the content shown is older than two refresh periods or the provider is down. */
  stale: z.boolean(),
  autoMerge: z.boolean(),
  delivery: z.enum(['proxy', 'redirect']),
  counts: z.object({ channels: z.number(), movies: z.number(), series: z.number() }),
})
export type ProviderView = z.infer<typeof ProviderView>

export const ProviderId = z.object({ id: z.coerce.number().int().positive().max(2_147_483_647) })

/** What signs in at the provider. Stored sealed in `provider.secret`, opened only to call the provider. */
export const Credentials = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('xtream'), base: z.string(), username: z.string(), password: z.string() }),
  z.object({
    kind: z.literal('m3u'),
    /** Null for an uploaded playlist, whose text stands sealed in `provider_playlist`. */
    playlistUrl: z.string().nullable(),
    guideUrl: z.string().nullable(),
    /** Makes the ids of playlist entries from their addresses, so that an id tells nothing of the address. */
    salt: z.string(),
  }),
])
export type Credentials = z.infer<typeof Credentials>

export const ProviderOptions = z.object({
  userAgent: z.string().optional(),
  /** CIDR ranges an admin granted to this provider. */
  privateNetworks: z.array(z.string()).default([]),
  /** New channels, movies and series join the item of the same name that the owner already has. */
  autoMerge: z.boolean().default(false),
  /** How other apps get its streams: through us, or sent to the provider's own address, credentials and all. */
  delivery: z.enum(['proxy', 'redirect']).default('proxy'),
})
export type ProviderOptions = z.infer<typeof ProviderOptions>

/** A further login at the same provider. */
export const LoginSecret = z.strictObject({
  username: z.string().min(1, 'Give the user name.').max(200),
  password: z.string().min(1, 'Give the password.').max(200),
})
export type LoginSecret = z.infer<typeof LoginSecret>

export const LoginView = z.object({
  id: z.number().int(),
  username: z.string(),
  account: AccountStatus.nullable(),
  problem: z.object({ code: z.string(), message: z.string() }).nullable(),
})
export type LoginView = z.infer<typeof LoginView>

export const LoginParams = z.object({ ...ProviderId.shape, loginId: z.coerce.number().int().positive().max(2_147_483_647) })
