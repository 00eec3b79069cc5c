import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65_535)
const list = z
  .string()
  .default('')
  .transform(text =>
    text
      .split(',')
      .map(part => part.trim())
      .filter(Boolean),
  )
const optional = z
  .string()
  .optional()
  .transform(value => value || undefined)

/** Every setting the server reads, with its default. Durations end in their unit. `.env.example` is tested against this. */
export const EnvSchema = z
  .object({
    NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
    ROLE: z.enum(['all', 'serve', 'worker']).default('all'),
    HOST: z.string().default('0.0.0.0'),
    PORT: port.default(3000),
    PUBLIC_URL: z.url().default('http://localhost:3000'),
    DATA_DIR: z.string().default('./data'),
    DATABASE_URL: z.string().startsWith('postgres', 'must be a postgresql:// address'),
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    SECRET_KEYS: optional,
    TRUSTED_PROXIES: list,
    /** Further addresses (https://tv.example) under which apps reach this server. */
    ORIGINS: list,
    /** A MaxMind country database (.mmdb), for country rules. */
    GEOIP_DATABASE: optional,
    /** Memory for rendered lists of the Xtream endpoints. */
    ANSWER_CACHE_MB: z.coerce.number().int().min(8).default(256),
    /** Disk for the guide files of xmltv.php. */
    GUIDE_FILES_MB: z.coerce.number().int().min(8).default(1_024),
    LOOPBACK_UPSTREAMS: list,
    PRIVATE_NETWORKS: list,
    /** Disk for pieces of films that were encoded for browsers. */
    SEGMENTS_MB: z.coerce.number().int().min(64).default(4_096),
    FFMPEG_PATH: z.string().default('ffmpeg'),
    /** Graphics card that encodes: /dev/dri/renderD128, nvidia, or off. Empty: the first one that works. */
    TRANSCODE_CARD: z
      .string()
      .regex(/^(\/.+|nvidia|off)?$/, 'must be the path of a card, nvidia or off')
      .default(''),
    /** Processor cores that conversions may take together; 0 switches them off. Empty: all but half a core. */
    TRANSCODE_CORES: z
      .string()
      .optional()
      .transform(text => (text === undefined || text === '' ? undefined : Number(text)))
      .pipe(z.number().min(0).max(1_024).optional()),
    /** How far back viewers of a live channel can go; 0 keeps nothing. */
    TIMESHIFT_MINUTES: z.coerce.number().min(0).max(720).default(60),
    /** Disk for it, all channels together. */
    TIMESHIFT_MB: z.coerce.number().int().min(0).default(4_096),
    SMTP_URL: optional,
    MAIL_FROM: z.string().default('WatchTheFlix <no-reply@localhost>'),
    OIDC_ISSUER: optional,
    OIDC_CLIENT_ID: optional,
    OIDC_CLIENT_SECRET: optional,
    OIDC_NAME: z.string().default('single sign-on'),
  })
  .superRefine((env, context) => {
    // A server that others can reach must never dial its own loopback for them (reliability.md B1).
    if (env.LOOPBACK_UPSTREAMS.length > 0 && !['127.0.0.1', '::1', 'localhost'].includes(env.HOST)) {
      context.addIssue({ code: 'custom', path: ['LOOPBACK_UPSTREAMS'], message: 'only works when HOST is 127.0.0.1' })
    }
    if (env.OIDC_ISSUER && !(env.OIDC_CLIENT_ID && env.OIDC_CLIENT_SECRET)) {
      context.addIssue({
        code: 'custom',
        path: ['OIDC_CLIENT_ID'],
        message: 'OIDC_ISSUER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET',
      })
    }
  })
export type Env = z.infer<typeof EnvSchema>

/** Throws an Error that names every setting at fault, one a line. */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const result = EnvSchema.safeParse(source)
  if (result.success) return result.data
  const lines = result.error.issues.map(issue => `  ${issue.path.join('.') || 'settings'}: ${issue.message}`)
  throw new Error(`The configuration is not complete:\n${lines.join('\n')}`)
}

let parsed: Env | undefined

export function env(): Env {
  parsed ??= parseEnv(process.env)
  return parsed
}

/** Where programs are looked for. */
export const searchPath = (): string => process.env.PATH ?? ''
