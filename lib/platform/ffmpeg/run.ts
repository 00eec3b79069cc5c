import 'server-only'
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { closeSync, existsSync } from 'node:fs'
import type { Socket } from 'node:net'
import { setPriority } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { AppError } from '@/lib/kernel/errors'
import { env, searchPath } from '@/lib/platform/env'
import { redact } from '@/lib/platform/redact'
import { shared } from '@/lib/platform/shared'
import { type CoreLease, takeCores } from './admission'
import { buildArguments, type FfmpegPlan, planPipes } from './arguments'
import { openSecretFile } from './secret-file'
import { StallGuard } from './stall-guard'

export interface FfmpegLimits {
  /** Milliseconds after which it is killed whatever it does; null for a channel that goes on. */
  totalMs: number | null
  /** Milliseconds without a byte of output, while it could work, after which it is killed. */
  stallMs: number
  /** No file grows beyond this; bytes. */
  maxFileBytes?: number
}

export interface FfmpegRequest {
  plan: FfmpegPlan
  limits: FfmpegLimits
  /** Nominal cores, taken for as long as the process lives; 0 for work that is no conversion. */
  cores: number
  /** Nobody waits for it while this says yes: it then ends with TRANSCODE_BUSY when somebody needs its cores. */
  standsBack?: () => boolean
  /** Ends it: an end that was asked for. */
  signal?: AbortSignal
}

/** How it ended. `stopped` was asked for and is no error. */
export type FfmpegEnd = { kind: 'finished' } | { kind: 'stopped' } | { kind: 'failed'; error: AppError }

export interface FfmpegRun {
  pid: number | undefined
  /** One for each input of the plan that is a pipe, in its order. */
  inputs: readonly Writable[]
  outputs: readonly Readable[]
  /** Never rejects. Settled only when the process is gone and its cores are given back. */
  end: Promise<FfmpegEnd>
  /** Asks it to end; kills it when it has not after `graceMs`. */
  stop(graceMs?: number): void
}

const COMPLAINT_BYTES = 4_096
const NICENESS = 5
const MAX_OPEN_FILES = 256
const MAX_FILE_BYTES = 8 * 2 ** 30
const WATCH_MS = 250
const GRACE_MS = 1_500
/** SIGXFSZ: a file would have grown beyond its limit. FFmpeg may also come to its end by the failed write. */
const limitSignals: ReadonlySet<string> = new Set(['SIGXFSZ', 'SIGXCPU'])

const children = () =>
  shared('ffmpeg-children', () => {
    const running = new Set<ChildProcess>()
    process.once('exit', () => {
      for (const child of running) child.kill('SIGKILL')
    })
    return running
  })

/** How many run now. */
export const countFfmpeg = (): number => children().size

/** Starts FFmpeg on this plan. Throws TRANSCODE_BUSY when its cores are not free. */
export function runFfmpeg(request: FfmpegRequest): FfmpegRun {
  let lost = () => {}
  const standing = request.standsBack === undefined ? null : { standsBack: request.standsBack, end: () => lost() }
  const lease = takeCores(request.cores, standing)
  const pipes = planPipes(request.plan)
  const secrets: number[] = []
  try {
    const stdio: (number | 'pipe' | 'ignore')[] = ['ignore', 'ignore', 'pipe']
    for (const fd of [...pipes.inputs, ...pipes.outputs, pipes.report]) if (fd !== null) stdio[fd] = 'pipe'
    for (const [at, fd] of pipes.secrets.entries()) {
      if (fd === null) continue
      const secret = openSecretFile(request.plan.outputs[at]?.secretOptions ?? [])
      secrets.push(secret)
      stdio[fd] = secret
    }
    const child = startLimited(env().FFMPEG_PATH, buildArguments(request.plan, pipes), {
      stdio,
      maxFileBytes: request.limits.maxFileBytes ?? MAX_FILE_BYTES,
    })
    const sockets = (fds: readonly (number | null)[]) =>
      fds.flatMap(fd => (fd === null ? [] : [child.stdio[fd] as unknown as Socket]))
    const run = new Run(child, request, {
      lease,
      inputs: sockets(pipes.inputs),
      outputs: sockets(pipes.outputs),
      report: sockets([pipes.report])[0] ?? null,
    })
    lost = () => run.kill(new AppError('TRANSCODE_BUSY', { message: 'its cores went to somebody who waits' }))
    return run
  } catch (error) {
    lease.release()
    throw error
  } finally {
    for (const fd of secrets) closeSync(fd)
  }
}

/** A program of FFmpeg's family under the kernel's limits, standing back behind what answers viewers. */
export function startLimited(
  program: string,
  programArguments: readonly string[],
  { stdio, maxFileBytes }: { stdio: StdioOptions; maxFileBytes: number },
): ChildProcess {
  const limiter = findLimiter()
  // Memory is not limited here: FFmpeg hangs when it gets none (reliability.md B10).
  const limits = [`--nofile=${MAX_OPEN_FILES}`, `--fsize=${maxFileBytes}`]
  const [command, given] = limiter === null ? [program, programArguments] : [limiter, [...limits, program, ...programArguments]]
  // FFmpeg gets no setting of ours: credentials stand in the environment.
  const child = spawn(command, given, { stdio, shell: false, env: { NODE_ENV: 'production', PATH: searchPath() } })
  try {
    if (child.pid !== undefined) setPriority(child.pid, NICENESS)
  } catch {
    // Already gone, or not ours to change.
  }
  children().add(child)
  child.once('close', () => children().delete(child))
  child.once('error', () => child.pid === undefined && children().delete(child))
  return child
}

const findLimiter = (): string | null =>
  shared('prlimit', () => ({ path: ['/usr/bin/prlimit', '/bin/prlimit'].find(path => existsSync(path)) ?? null })).path

class Run implements FfmpegRun {
  readonly pid: number | undefined
  readonly inputs: readonly Writable[]
  readonly outputs: readonly Readable[]
  readonly end: Promise<FfmpegEnd>
  readonly #child: ChildProcess
  readonly #limits: FfmpegLimits
  readonly #guard: StallGuard
  readonly #startedAt = performance.now()
  #complaint = Buffer.alloc(0)
  #isStopping = false
  #failure: AppError | null = null
  #killer: NodeJS.Timeout | null = null

  constructor(
    child: ChildProcess,
    { limits, signal }: FfmpegRequest,
    own: { lease: CoreLease; inputs: readonly Socket[]; outputs: readonly Socket[]; report: Socket | null },
  ) {
    this.pid = child.pid
    this.inputs = own.inputs
    this.outputs = own.outputs
    this.#child = child
    this.#limits = limits
    this.#guard = new StallGuard(own, limits.stallMs)
    // Whoever feeds it learns of its end by `end`; a write into a closed pipe says nothing more.
    for (const socket of [...own.inputs, ...own.outputs]) socket.on('error', () => {})
    own.report?.on('data', (chunk: Buffer) => this.#guard.noteReport(chunk.toString('latin1'))).on('error', () => {})
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#complaint = Buffer.concat([this.#complaint, chunk]).subarray(-COMPLAINT_BYTES)
    })
    const watch = setInterval(() => this.#look(), WATCH_MS)
    const onAbort = () => this.stop()
    signal?.addEventListener('abort', onAbort, { once: true })
    this.end = this.#whenGone().finally(() => {
      clearInterval(watch)
      if (this.#killer !== null) clearTimeout(this.#killer)
      signal?.removeEventListener('abort', onAbort)
      for (const input of own.inputs) input.destroy()
      own.lease.release()
    })
    if (signal?.aborted) this.stop()
  }

  stop(graceMs = GRACE_MS): void {
    if (this.#isStopping) return
    this.#isStopping = true
    for (const input of this.inputs) input.end()
    this.#child.kill('SIGTERM')
    this.#killer = setTimeout(() => this.#child.kill('SIGKILL'), graceMs)
  }

  #look(): void {
    const { totalMs, stallMs } = this.#limits
    const ran = performance.now() - this.#startedAt
    if (totalMs !== null && ran > totalMs)
      this.kill(new AppError('TRANSCODE_LIMIT', { message: `still running after ${totalMs} ms` }))
    else if (this.#guard.isStalled()) this.kill(new AppError('TRANSCODE_LIMIT', { message: `nothing came for ${stallMs} ms` }))
  }

  /** Ends it at once, as a failure. */
  kill(reason: AppError): void {
    this.#failure ??= reason
    this.#child.kill('SIGKILL')
  }

  async #whenGone(): Promise<FfmpegEnd> {
    const { promise, resolve } = Promise.withResolvers<FfmpegEnd>()
    this.#child.once('error', cause => {
      // A kill that failed is an error, too; only one that never started has no process to wait for.
      if (this.#child.pid === undefined) resolve({ kind: 'failed', error: new AppError('TRANSCODE_FAILED', { cause }) })
    })
    // `exit`, not `close`: outputs that nobody reads stay open.
    this.#child.once('exit', (code, signal) => setImmediate(() => resolve(this.#judge(code, signal))))
    return promise
  }

  #judge(code: number | null, signal: NodeJS.Signals | null): FfmpegEnd {
    if (this.#failure !== null) return { kind: 'failed', error: this.#failure }
    if (this.#isStopping) return { kind: 'stopped' }
    if (code === 0) return { kind: 'finished' }
    const complaint = redact(this.#complaint.toString('utf8')).trim()
    const message = `FFmpeg ended with ${signal ?? code}: ${complaint}`
    return {
      kind: 'failed',
      error: new AppError(signal !== null && limitSignals.has(signal) ? 'TRANSCODE_LIMIT' : 'TRANSCODE_FAILED', { message }),
    }
  }
}
