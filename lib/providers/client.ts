import 'server-only'
import { AppError, toAppError } from '@/lib/kernel/errors'
import { backoff, SECOND, sleep } from '@/lib/kernel/time'
import { readBody, type SafeResponse, safeFetch } from '@/lib/platform/fetch'
import { enterHost, noteFailure, noteRest, noteSuccess, releaseProbe, requireClosedCircuit } from './host-gate'
import { type Answer, errorOfStatus, parseRetryAfter } from './judge'

/** How one kind of call may take its time. Milliseconds. */
export interface CallPolicy {
  headersMs: number
  totalMs: number
  idleMs: number
  maxBytes: number
  /** Further tries after a fault of the server, all inside `totalMs`. */
  retries: number
  /** Longest rest (Retry-After) that is waited for instead of reported. */
  patienceMs: number
  /** The caller has smaller questions in reserve: taking too long is neither asked again nor held against the server. */
  isDivisible?: boolean
}

/** Deadlines of reliability.md C3; big lists take panels minutes (protocols.md 8.23). */
export const policies = {
  /** A person is waiting: one try, no patience. */
  check: { headersMs: 10_000, totalMs: 10_000, idleMs: 10_000, maxBytes: 4_194_304, retries: 0, patienceMs: 0 },
  api: { headersMs: 10_000, totalMs: 10_000, idleMs: 10_000, maxBytes: 33_554_432, retries: 2, patienceMs: 0 },
  /** A job is waiting. */
  job: { headersMs: 10_000, totalMs: 22_000, idleMs: 10_000, maxBytes: 33_554_432, retries: 2, patienceMs: 10_000 },
  /**
   * A guide may be a gigabyte and is made while we wait. The ten minutes hold our own reading of it as well: a guide that takes
   * longer to store ends with UPSTREAM_TIMEOUT, what has come of it by then stays, and the next import begins anew.
   */
  guide: { headersMs: 90_000, totalMs: 600_000, idleMs: 60_000, maxBytes: 2_147_483_648, retries: 2, patienceMs: 10_000 },
  list: { headersMs: 90_000, totalMs: 300_000, idleMs: 30_000, maxBytes: 1_073_741_824, retries: 2, patienceMs: 10_000 },
  /** One category of a list: a hundred of them may follow one another. */
  category: { headersMs: 20_000, totalMs: 60_000, idleMs: 20_000, maxBytes: 268_435_456, retries: 1, patienceMs: 10_000 },
} satisfies Record<string, CallPolicy>

/** The server could not put the whole answer together in time; a smaller one may come (protocols.md 8.23). */
export const isTooSlow = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'UPSTREAM_TIMEOUT' || error.code === 'UPSTREAM_STALLED')

/** Calls that end within this are small: documents, not lists. */
const SMALL_MS = 30_000

export interface ProviderCall {
  url: string
  /** Names the login for back-off and circuit; never leaves this process. */
  login: string
  /** Names what is asked for, where a server may switch off one thing: blocks are counted for it alone. */
  route?: string
  /** True once this login has worked: odd answers are then the server's fault. */
  known: boolean
  policy: CallPolicy
  headers: Record<string, string>
  privateNetworks: readonly string[]
  signal?: AbortSignal | undefined
  /** False: the body comes as it is packed, and the caller unpacks it. */
  decompress?: boolean
}

/** Codes that say "the server is in trouble": counted for the whole login and worth another try. */
const serverFaults = new Set([
  'PROVIDER_DOWN',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNREACHABLE',
  'UPSTREAM_STALLED',
  'UPSTREAM_PROTOCOL_ERROR',
])

/** Codes of a server that lives and had its say: for the circuit as good as what was asked for. */
const answers = new Set(['PROVIDER_REFUSED', 'PROVIDER_LIMIT', 'PROVIDER_BAD_RESPONSE', 'PROVIDER_NOT_XTREAM'])

/**
 * Runs `use` with one answer of the provider, behind the host's queue, the login's circuit and its rests. Faults of the
 * server are tried again with full jitter, refusals never. `accepts` = statuses the caller judges by itself.
 */
async function withAnswer<T>(
  call: ProviderCall,
  accepts: (status: number) => boolean,
  use: (response: SafeResponse) => Promise<T>,
): Promise<T> {
  const deadline = Date.now() + call.policy.totalMs
  for (let attempt = 0; ; attempt++) {
    try {
      return await tryOnce(call, deadline, async response => {
        const failure = accepts(response.status) ? null : errorOf(response, call)
        if (failure) throw failure
        return use(response)
      })
    } catch (error) {
      const wait = waitBeforeRetry(error, attempt, call)
      if (wait === null || call.signal?.aborted || Date.now() + wait >= deadline) throw error
      await sleep(wait, call.signal)
    }
  }
}

async function tryOnce<T>(call: ProviderCall, deadline: number, use: (response: SafeResponse) => Promise<T>): Promise<T> {
  const opened = await open(call, deadline)
  try {
    const result = await use(opened.response)
    opened.settle(null)
    return result
  } catch (error) {
    opened.settle(error)
    throw error
  }
}

interface Opened {
  response: SafeResponse
  /** Gives the place back and tells the circuit how it went. */
  settle(error: unknown): void
}

async function open(call: ProviderCall, deadline: number): Promise<Opened> {
  requireClosedCircuit(keysOf(call))
  const left = Math.max(1, deadline - Date.now())
  const leave = await enterQueue(call, left)
  const settle = (error: unknown) => {
    leave()
    noteOutcome(call, error)
  }
  try {
    const response = await safeFetch({
      url: call.url,
      headers: call.headers,
      headersTimeoutMs: Math.min(call.policy.headersMs, left),
      totalTimeoutMs: left,
      idleTimeoutMs: call.policy.idleMs,
      maxBytes: call.policy.maxBytes,
      privateNetworks: call.privateNetworks,
      decompress: call.decompress ?? true,
      ...(call.signal ? { signal: call.signal } : {}),
    })
    return {
      response,
      settle: error => {
        response.cancel()
        settle(error)
      },
    }
  } catch (error) {
    settle(error)
    throw error
  }
}

async function enterQueue(call: ProviderCall, ms: number): Promise<() => void> {
  const patience = AbortSignal.timeout(ms)
  const signal = call.signal ? AbortSignal.any([call.signal, patience]) : patience
  try {
    return await enterHost(new URL(call.url).host, signal, call.policy.totalMs <= SMALL_MS)
  } catch (error) {
    // Our own queue was full: that says nothing of the server.
    for (const key of keysOf(call)) releaseProbe(key)
    if (call.signal?.aborted) throw error
    throw new AppError('PROVIDER_BUSY', { message: 'no place in the queue of this host', retryAfter: 10 })
  }
}

const routeOf = ({ login, route }: ProviderCall) => (route === undefined ? login : `${login}|${route}`)
const keysOf = (call: ProviderCall) => [...new Set([call.login, routeOf(call)])]

function noteOutcome(call: ProviderCall, error: unknown): void {
  const { code, retryAfter } = toAppError(error)
  const isTellingNothing = call.signal?.aborted || (call.policy.isDivisible && isTooSlow(error))
  if (error === null || (answers.has(code) && !isTellingNothing)) {
    for (const key of keysOf(call)) noteSuccess(key)
    return
  }
  for (const key of keysOf(call)) releaseProbe(key)
  if (isTellingNothing) return
  if (serverFaults.has(code)) noteFailure(call.login)
  else if (code === 'PROVIDER_BLOCKS_US') noteFailure(routeOf(call))
  else if (code === 'PROVIDER_BUSY') noteRest(call.login, retryAfter ?? 5)
}

function waitBeforeRetry(error: unknown, attempt: number, call: ProviderCall): number | null {
  if (attempt >= call.policy.retries || !(error instanceof AppError)) return null
  if (call.policy.isDivisible && isTooSlow(error)) return null
  if (serverFaults.has(error.code)) return backoff(attempt, SECOND / 2, 5 * SECOND)
  const rest = (error.retryAfter ?? 5) * SECOND
  return error.code === 'PROVIDER_BUSY' && rest <= call.policy.patienceMs ? rest + backoff(0, SECOND / 2) : null
}

function errorOf(response: SafeResponse, call: ProviderCall): AppError | null {
  return errorOfStatus({ status: response.status, retryAfter: parseRetryAfter(response.headers['retry-after']) }, call.known)
}

/**
 * What `judge` makes of the whole answer, which has a status below 500. Judged here, so that the circuit hears of a refusal
 * that came with a body: 403 counts, while 404 is an answer about what was asked for and a bad document may be one film's.
 */
export async function fetchAnswer<T>(call: ProviderCall, judge: (answer: Answer) => T): Promise<T> {
  const accepts = (status: number) => status < 500 && status !== 429
  return withAnswer(call, accepts, async response =>
    judge({
      status: response.status,
      retryAfter: parseRetryAfter(response.headers['retry-after']),
      body: await readBody(response, { maxBytes: call.policy.maxBytes }),
    }),
  )
}

/** The body of a 2xx answer as it arrives; other statuses throw their code before the first byte. */
export async function* streamBody(call: ProviderCall): AsyncGenerator<Buffer> {
  const deadline = Date.now() + call.policy.totalMs
  const opened = await openWithRetries(call, deadline)
  let failure: unknown = null
  try {
    for await (const chunk of opened.response.body as AsyncIterable<Buffer>) yield chunk
  } catch (error) {
    failure = error
    throw error
  } finally {
    opened.settle(failure)
  }
}

async function openWithRetries(call: ProviderCall, deadline: number): Promise<Opened> {
  for (let attempt = 0; ; attempt++) {
    try {
      const opened = await open(call, deadline)
      const failure = errorOf(opened.response, call)
      if (!failure) return opened
      opened.settle(failure)
      throw failure
    } catch (error) {
      const wait = waitBeforeRetry(error, attempt, call)
      if (wait === null || call.signal?.aborted || Date.now() + wait >= deadline) throw error
      await sleep(wait, call.signal)
    }
  }
}
