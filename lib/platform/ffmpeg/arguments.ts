import { isAbsolute } from 'node:path'
import type { Hardware } from './hardware'

export interface FfmpegInput {
  /** The demuxer, forced: FFmpeg never guesses what bytes of a stranger are. */
  format: string
  /** Decoders that may be opened for it, by FFmpeg's names; everything else in the file stays closed. */
  decoders: readonly string[]
  /** pipe: fed by us. Files carry names that the server made. lavfi: a picture or sound that FFmpeg draws itself. */
  from: 'pipe' | { file: string } | { lavfi: string }
  options?: readonly string[]
}

export interface FfmpegOutput {
  /** The muxer. */
  format: string
  to: 'pipe' | { file: string }
  /** Maps, filters and encoders. Never text of a person or a provider. */
  options: readonly string[]
  /** `option=value` lines that must not be seen in the list of processes, such as keys. */
  secretOptions?: readonly string[]
}

export interface FfmpegPlan {
  inputs: readonly FfmpegInput[]
  outputs: readonly FfmpegOutput[]
  /** Options that stand before all others, such as a filter's threads or a hardware device. */
  options?: readonly string[]
  /** The card that encodes; nothing where software does. */
  hardware?: Hardware | null
}

/** Which file descriptor carries what, in the order of the plan; null for what is no pipe. */
export interface FfmpegPipes {
  inputs: readonly (number | null)[]
  outputs: readonly (number | null)[]
  secrets: readonly (number | null)[]
  /** Where it reports how far it is, when no output tells by its bytes. */
  report: number | null
}

/** Hands out descriptors: the first input and output are 0 and 1, all others come after the complaints on 2. */
export function planPipes(plan: FfmpegPlan): FfmpegPipes {
  let next = 3
  const hand = (first: number) => {
    let free: number | null = first
    return (isPipe: boolean): number | null => {
      if (!isPipe) return null
      const taken = free ?? next++
      free = null
      return taken
    }
  }
  const forInput = hand(0)
  const forOutput = hand(1)
  return {
    inputs: plan.inputs.map(({ from }) => forInput(from === 'pipe')),
    outputs: plan.outputs.map(({ to }) => forOutput(to === 'pipe')),
    secrets: plan.outputs.map(({ secretOptions = [] }) => (secretOptions.length > 0 ? next++ : null)),
    report: plan.outputs.some(({ to }) => to === 'pipe') ? null : next++,
  }
}

/** The whole command line after the program's name. Pure; throws for a file without an absolute path. */
export function buildArguments(plan: FfmpegPlan, pipes: FfmpegPipes = planPipes(plan)): string[] {
  return [
    ...['-nostdin', '-hide_banner', '-loglevel', 'warning', '-y'],
    ...(pipes.report === null ? [] : ['-progress', `pipe:${pipes.report}`, '-stats_period', '0.5']),
    ...(plan.options ?? []),
    ...plan.inputs.flatMap((input, at) => inputArguments(input, pipes.inputs[at] ?? null)),
    ...plan.outputs.flatMap((output, at) =>
      outputArguments(output, { pipe: pipes.outputs[at] ?? null, secret: pipes.secrets[at] ?? null }),
    ),
  ]
}

function inputArguments({ format, decoders, from, options = [] }: FfmpegInput, pipe: number | null): string[] {
  if (from !== 'pipe' && 'lavfi' in from) return [...options, '-f', 'lavfi', '-i', from.lavfi]
  const address = from === 'pipe' ? `pipe:${pipe}` : fileAddress(from.file)
  return [...guardArguments({ format, decoders, from }), ...options, '-i', address]
}

/** 8192 x 4608. Without a bound a few bytes make a decoder ask for gigabytes. */
const MAX_PIXELS = 8_192 * 4_608

/** What an input may reach and open, and how large a picture it may have. */
function guardArguments({ format, decoders, from }: Pick<FfmpegInput, 'format' | 'decoders' | 'from'>): string[] {
  return [
    ...['-protocol_whitelist', from === 'pipe' ? 'pipe' : 'file'],
    ...['-format_whitelist', format, '-f', format],
    // FFmpeg takes an empty list for "all of them".
    ...['-codec_whitelist', decoders.length === 0 ? 'none' : decoders.join(',')],
    ...['-max_pixels', String(MAX_PIXELS)],
  ]
}

function outputArguments(
  { format, to, options, secretOptions = [] }: FfmpegOutput,
  at: { pipe: number | null; secret: number | null },
): string[] {
  const secrets = secretOptions.length > 0 ? ['-fpre', `/dev/fd/${at.secret}`] : []
  const address = to === 'pipe' ? `pipe:${at.pipe}` : fileAddress(to.file)
  return [...options, ...secrets, '-f', format, address]
}

/** A name that begins with a dash would be an option, and one with a colon a protocol. */
function fileAddress(path: string): string {
  if (!isAbsolute(path) || path.includes('\0')) throw new Error('FFmpeg only gets absolute paths')
  return `file:${path}`
}
