import 'server-only'
import { env } from '@/lib/platform/env'
import { log } from '@/lib/platform/log'
import { shared } from '@/lib/platform/shared'
import { findHardware, type Hardware, isResting } from './hardware'
import { startLimited } from './run'

/** What the FFmpeg of this machine can do, found out once. */
export interface FfmpegAbilities {
  version: string
  encoders: ReadonlySet<string>
  decoders: ReadonlySet<string>
  filters: ReadonlySet<string>
  /** A hardware encoder that has encoded a second here; null when there is none, and while it rests after a failure. */
  hardware: Hardware | null
}

/** Without these nothing is converted. */
const needed = { encoders: ['libx264', 'aac'], filters: ['scale'] }
const LIST_MS = 10_000
const MAX_LIST_BYTES = 512 * 1024

/** Null when there is no FFmpeg here, or one that lacks what every conversion needs. Looks once. */
export async function ffmpegAbilities(): Promise<FfmpegAbilities | null> {
  const cached = shared<{ path: string; found: Promise<FfmpegAbilities | null> }>('ffmpeg-abilities', () => ({
    path: '',
    found: Promise.resolve(null),
  }))
  const path = env().FFMPEG_PATH
  if (cached.path !== path) {
    cached.path = path
    cached.found = look().catch(error => {
      log().warn({ err: error }, 'FFmpeg could not be asked what it can do; nothing will be converted')
      return null
    })
  }
  const found = await cached.found
  return found?.hardware && isResting(found.hardware) ? { ...found, hardware: null } : found
}

async function look(): Promise<FfmpegAbilities | null> {
  const [version, encoders, decoders, filters] = await Promise.all([
    ask(['-version']),
    ask(['-hide_banner', '-encoders']),
    ask(['-hide_banner', '-decoders']),
    ask(['-hide_banner', '-filters']),
  ])
  const found = {
    version: /^ffmpeg version (\S+)/.exec(version)?.[1] ?? 'unknown',
    encoders: namesIn(encoders),
    decoders: namesIn(decoders),
    filters: namesIn(filters),
  }
  const missing = [
    ...needed.encoders.filter(name => !found.encoders.has(name)),
    ...needed.filters.filter(name => !found.filters.has(name)),
  ]
  if (missing.length > 0) {
    log().warn({ version: found.version, missing }, 'this FFmpeg lacks what conversions need')
    return null
  }
  const hardware = await findHardware(found.encoders)
  log().info({ version: found.version, hardware: hardware?.kind ?? null }, 'FFmpeg is here')
  return { ...found, hardware }
}

/** Lines of `-encoders` and the like: flags, the name, a sentence. */
const namesIn = (list: string): Set<string> =>
  new Set([...list.matchAll(/^ [A-Z.|]{2,6}\s+([A-Za-z0-9_-]+)\s/gm)].map(([, name = '']) => name))

function ask(question: string[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const child = startLimited(env().FFMPEG_PATH, question, { stdio: ['ignore', 'pipe', 'ignore'], maxFileBytes: 0 })
  const timer = setTimeout(() => child.kill('SIGKILL'), LIST_MS)
  let text = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    if (text.length < MAX_LIST_BYTES) text += chunk.toString('utf8')
  })
  child.once('error', reject)
  child.once('close', code => (code === 0 ? resolve(text) : reject(new Error(`FFmpeg ended with ${code}`))))
  return promise.finally(() => clearTimeout(timer))
}
