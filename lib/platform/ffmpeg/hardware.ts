import 'server-only'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { env } from '@/lib/platform/env'
import { log } from '@/lib/platform/log'
import { shared } from '@/lib/platform/shared'
import type { FfmpegPlan } from './arguments'
import { runFfmpeg } from './run'

export type HardwareKind = 'vaapi' | 'nvenc' | 'qsv'

/** A card and the way to encode on it. */
export interface Hardware {
  kind: HardwareKind
  /** Null where the encoder finds its card by itself. */
  device: string | null
}

const TRY_MS = 5_000
/** A card that failed is left alone so long before it is tried again, in ms. */
const REST_MS = 10 * 60_000

const rest = () => shared('hardware-rest', () => ({ until: null as number | null, isTrying: false }))

/** Names in a list are promises of the build, not of this machine: only an encoder that has encoded counts. */
export async function findHardware(encoders: ReadonlySet<string>): Promise<Hardware | null> {
  const wanted = env().TRANSCODE_CARD
  const cards = wanted.startsWith('/') ? [wanted] : wanted === '' ? await listCards() : []
  const hasNvidia = wanted === 'nvidia' || (wanted === '' && existsSync('/dev/nvidiactl'))
  const candidates: Hardware[] = [
    ...(hasNvidia && encoders.has('h264_nvenc') ? [{ kind: 'nvenc' as const, device: null }] : []),
    ...(encoders.has('h264_qsv') ? cards.map(device => ({ kind: 'qsv' as const, device })) : []),
    ...(encoders.has('h264_vaapi') ? cards.map(device => ({ kind: 'vaapi' as const, device })) : []),
  ]
  for (const candidate of candidates) if (await encodes(candidate)) return candidate
  return null
}

const listCards = async (): Promise<string[]> =>
  (await readdir('/dev/dri').catch(() => [])).filter(name => name.startsWith('renderD')).map(name => `/dev/dri/${name}`)

async function encodes({ kind, device }: Hardware): Promise<boolean> {
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

/** The card failed at work that it had been tested for: until it has rested and passed the test again, software encodes. */
export function restHardware({ kind, device }: Hardware, error: unknown): void {
  const state = rest()
  if (state.until === null) log().error({ err: error, hardware: kind, device }, 'the graphics card failed; software encodes')
  state.until = performance.now() + REST_MS
}

/** Work on this card failed, which may be the fault of the work: the card rests when it fails its test as well. Nobody waits for that. */
export function doubtHardware(hardware: Hardware, error: unknown): void {
  const state = rest()
  if (state.until !== null || state.isTrying) return
  state.isTrying = true
  void encodes(hardware)
    .catch(() => false)
    .then(works => {
      if (!works) restHardware(hardware, error)
    })
    .finally(() => {
      state.isTrying = false
    })
}

/** Is this card to be left alone now? Once it has rested the first who asks has it tested, and is not kept waiting. */
export function isResting(hardware: Hardware): boolean {
  const state = rest()
  if (state.until === null) return false
  if (performance.now() < state.until || state.isTrying) return true
  state.isTrying = true
  void encodes(hardware)
    .catch(() => false)
    .then(works => {
      state.until = works ? null : performance.now() + REST_MS
      if (works) log().info({ hardware: hardware.kind }, 'the graphics card encodes again')
    })
    .finally(() => {
      state.isTrying = false
    })
  return true
}
