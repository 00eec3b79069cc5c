import 'server-only'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { env } from '@/lib/platform/env'
import { log } from '@/lib/platform/log'
import { shared } from '@/lib/platform/shared'
import type { FfmpegPlan } from './arguments'
import { runFfmpeg, startLimited } from './run'

export type HardwareKind = 'vaapi' | 'nvenc' | 'qsv'

/** What the FFmpeg of this machine can do, found out once. */
export interface FfmpegAbilities {
  version: string
  encoders: ReadonlySet<string>
  decoders: ReadonlySet<string>
  filters: ReadonlySet<string>
  /** A hardware encoder that has encoded a second here; null when there is none. */
  hardware: { kind: HardwareKind; device: string | null } | null
}

/** Without these nothing is converted. */
const needed = { encoders: ['libx264', 'aac'], filters: ['scale'] }
const LIST_MS = 10_000
const TRY_MS = 5_000
const MAX_LIST_BYTES = 512 * 1024

/** Null when there is no FFmpeg here, or one that lacks what every conversion needs. Looks once. */
export function ffmpegAbilities(): Promise<FfmpegAbilities | null> {
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
  return cached.found
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

/** Names in a list are promises of the build, not of this machine: only an encoder that has encoded counts. */
async function findHardware(encoders: ReadonlySet<string>): Promise<FfmpegAbilities['hardware']> {
  const cards = (await readdir('/dev/dri').catch(() => []))
    .filter(name => name.startsWith('renderD'))
    .map(name => `/dev/dri/${name}`)
  const candidates: { kind: HardwareKind; device: string | null }[] = [
    ...(existsSync('/dev/nvidiactl') && encoders.has('h264_nvenc') ? [{ kind: 'nvenc' as const, device: null }] : []),
    ...(encoders.has('h264_qsv') ? cards.map(device => ({ kind: 'qsv' as const, device })) : []),
    ...(encoders.has('h264_vaapi') ? cards.map(device => ({ kind: 'vaapi' as const, device })) : []),
  ]
  for (const candidate of candidates) if (await encodes(candidate)) return candidate
  return null
}

async function encodes({ kind, device }: { kind: HardwareKind; device: string | null }): Promise<boolean> {
  const { options, filter } = hardwareSetUp(kind, device)
  const plan: FfmpegPlan = {
    options,
    inputs: [{ format: 'lavfi', decoders: [], from: { lavfi: 'testsrc2=size=640x360:rate=25:duration=1' } }],
    outputs: [{ format: 'null', to: 'pipe', options: ['-vf', `format=nv12${filter}`, '-c:v', `h264_${kind}`, '-b:v', '1M'] }],
  }
  const run = runFfmpeg({ plan, limits: { totalMs: TRY_MS, stallMs: TRY_MS }, cores: 0 })
  for (const output of run.outputs) output.resume()
  const { kind: end } = await run.end
  return end === 'finished'
}

/** What an encoder needs before its input, and how pictures come to the card. */
export function hardwareSetUp(kind: HardwareKind, device: string | null): { options: string[]; filter: string } {
  if (kind === 'nvenc') return { options: [], filter: '' }
  const name = kind === 'qsv' ? `qsv=hw,child_device=${device}` : `vaapi=hw:${device}`
  return {
    options: ['-init_hw_device', name, '-filter_hw_device', 'hw'],
    filter: `,hwupload${kind === 'qsv' ? '=extra_hw_frames=64' : ''}`,
  }
}
