import { z } from 'zod'

export const Role = z.enum(['viewer', 'reseller', 'admin'])
export type Role = z.infer<typeof Role>

/** Who is asking: the signed-in account, the profile in use, and the session that carries both. */
export interface Viewer {
  accountId: string
  profileId: string
  sessionId: string
  role: Role
  /** Narrows what the account sees to what one device line may. */
  scope?: LineScope
}

export interface LineScope {
  /** Null: every provider of the account. */
  providerIds: readonly number[] | null
  /** Null: everything of the platform; else only these of its bouquets. */
  bouquetIds: readonly number[] | null
}

// Full-width and other look-alike forms are folded first, so that one address cannot be two accounts.
export const Email = z
  .string()
  .max(254)
  .transform(value => value.normalize('NFKC').trim().toLowerCase())
  .pipe(z.email('Write an address like name@example.com.'))

export const Password = z.string().min(10, 'Use at least 10 characters.').max(200, 'Use at most 200 characters.')
const Name = z.string().trim().min(1, 'Give a name.').max(80)

export const SetupInput = z.strictObject({ name: Name, email: Email, password: Password })
export type SetupInput = z.infer<typeof SetupInput>

export const SignUpInput = z.strictObject({
  name: Name,
  email: Email,
  password: Password,
  invite: z.string().max(100).optional(),
})
export type SignUpInput = z.infer<typeof SignUpInput>

export const SignInInput = z.object({ email: Email, password: z.string().min(1).max(200) })
export type SignInInput = z.infer<typeof SignInInput>

export const PasswordChangeInput = z.strictObject({ current: z.string().max(200), next: Password })
export const ResetRequestInput = z.strictObject({ email: Email })
export const ResetInput = z.strictObject({ token: z.string().min(20).max(100), password: Password })

export const SignUpMode = z.enum(['open', 'invite', 'closed'])
export type SignUpMode = z.infer<typeof SignUpMode>

export const AccountView = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  role: Role,
  createdAt: z.string(),
})
export type AccountView = z.infer<typeof AccountView>

/** An account as administrators see it. */
export const PersonView = AccountView.extend({
  disabledAt: z.string().nullable(),
  accessEndsAt: z.string().nullable(),
  maxHeight: z.number().int().nullable(),
  lastSeenAt: z.string().nullable(),
  /** Whoever asks. */
  you: z.boolean(),
})
export type PersonView = z.infer<typeof PersonView>

export const PeoplePage = z.object({ people: z.array(PersonView), next: z.uuid().nullable() })
export type PeoplePage = z.infer<typeof PeoplePage>

export const PeopleQuery = z.object({ after: z.uuid().optional() })

export const PersonChange = z.strictObject({
  disabled: z.boolean().optional(),
  /** Null is no end. */
  accessEndsAt: z.iso.datetime().nullable().optional(),
  /** Lines of the highest picture that the account includes; null is any. */
  maxHeight: z
    .union([z.literal(1080), z.literal(720), z.literal(480)])
    .nullable()
    .optional(),
})
export type PersonChange = z.infer<typeof PersonChange>

export const SessionView = z.object({
  id: z.uuid(),
  device: z.string(),
  address: z.string(),
  createdAt: z.string(),
  lastSeenAt: z.string(),
  current: z.boolean(),
})
export type SessionView = z.infer<typeof SessionView>

export const InviteInput = z.strictObject({ note: z.string().trim().max(120).default(''), role: Role.default('viewer') })
export const InviteView = z.object({ id: z.uuid(), note: z.string(), role: Role, expiresAt: z.string(), used: z.boolean() })
export type InviteView = z.infer<typeof InviteView>

export const lineFormats = ['ts', 'm3u8'] as const
export const WhenFull = z.enum(['replace', 'refuse'])
export type WhenFull = z.infer<typeof WhenFull>

const entries = (pattern: RegExp, message: string) => z.array(z.string().trim().regex(pattern, message)).max(50).default([])
const Network = /^[0-9a-f:.]+(\/\d{1,3})?$/i
const Country = /^[A-Z]{2}$/
const App = /^[\w .\-/()+]{1,80}$/

/** Where from and with what a line may be used. Empty lists allow everything; `block` wins over `allow`. */
export const AccessRules = z.strictObject({
  /** Addresses or networks in CIDR form. */
  allowNetworks: entries(Network, 'Write addresses like 203.0.113.7 or 203.0.113.0/24.'),
  blockNetworks: entries(Network, 'Write addresses like 203.0.113.7 or 203.0.113.0/24.'),
  /** Two capital letters, ISO 3166. */
  allowCountries: entries(Country, 'Write countries as two capital letters, like ES.'),
  blockCountries: entries(Country, 'Write countries as two capital letters, like ES.'),
  /** Parts of the User-Agent, letter case ignored. */
  allowApps: entries(App, 'Write a part of the app’s name, like TiviMate.'),
  blockApps: entries(App, 'Write a part of the app’s name, like TiviMate.'),
})
export type AccessRules = z.infer<typeof AccessRules>

/** Server-wide rules of device lines. */
export const LineSettings = z.strictObject({
  whenFull: WhenFull.default('replace'),
  /** Show a short clip with the reason instead of ending the connection, where FFmpeg is there to make one. */
  slates: z.boolean().default(true),
  /** Addresses of HLS streams work only from the network address that asked for them. */
  bindAddress: z.boolean().default(false),
  rules: AccessRules.prefault({}),
})
export type LineSettings = z.infer<typeof LineSettings>

const ids = z.array(z.number().int().positive().max(2_147_483_647)).max(500)

const lineFields = {
  name: z.string().trim().min(1, 'Give this device a name, like Living room.').max(60),
  formats: z.array(z.enum(lineFormats)).min(1, 'Allow at least one format.').max(2),
  maxConnections: z.number().int().min(1).max(10_000),
  whenFull: WhenFull.nullable(),
  priority: z.number().int().min(0).max(9),
  rules: AccessRules,
  /** Null: every source of the account. */
  providerIds: ids.nullable(),
  /** Null: everything of the platform. */
  bouquetIds: ids.min(1, 'Choose at least one bouquet, or allow everything.').nullable(),
  expiresAt: z.iso.datetime().nullable(),
}

/** First segments of our own addresses: as user names they would shadow pages in the bare form /USER/PASSWORD/ID. */
const reserved = new Set(
  `admin api app auth c channels data devices download epg favicon.ico forgot get.php health hls image images key live login
  logout manifest.webmanifest movie movies multiview panel_api.php picture pictures player_api player_api.php playlist portal.php reset
  realtime offline robots.txt root search series settings setup shows sign-in sign-up sources stalker_portal static stream
  streaming subtitle sw.js thumb timeshift timeshifts title user username watch xmltv.php _next connections line lines guide
  reminders service-worker.js`
    .split(/\s+/)
    .filter(Boolean),
)

export const isReservedName = (name: string): boolean => reserved.has(name.toLowerCase()) || name.startsWith('_')

/** A name for typing with a remote; generated when absent. */
export const LineUsername = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{2,31}$/, 'Use 3 to 32 letters, digits, dots or dashes, beginning with a letter or digit.')

export const LineInput = z.strictObject({
  ...z.object(lineFields).partial().shape,
  name: lineFields.name,
  username: LineUsername.optional(),
})
export type LineInput = z.infer<typeof LineInput>

export const LineChange = z.strictObject(z.object(lineFields).partial().shape)
export type LineChange = z.infer<typeof LineChange>

export const LineParams = z.object({ id: z.coerce.number().int().positive().max(2_147_483_647) })

export const LineView = z.object({
  id: z.number().int(),
  ...lineFields,
  username: z.string(),
  createdAt: z.string(),
  lastSeenAt: z.string().nullable(),
  lastAddress: z.string().nullable(),
  lastApp: z.string().nullable(),
  /** Streams that run now. */
  activeConnections: z.number().int(),
})
export type LineView = z.infer<typeof LineView>

/** The password is in this answer and nowhere else, ever. */
export const NewLineView = z.object({ line: LineView, password: z.string(), addresses: z.lazy(() => LineAddresses) })
export type NewLineView = z.infer<typeof NewLineView>

/** What people type into other apps. The QR codes are SVG of the playlist's and of the guide's address. */
export const LineAddresses = z.object({
  server: z.string(),
  playlist: z.string(),
  guide: z.string(),
  playlistQr: z.string(),
  guideQr: z.string(),
})
export type LineAddresses = z.infer<typeof LineAddresses>
