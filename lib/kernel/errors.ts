import { type ErrorCode, errorCodes } from './error-codes'

export { type ErrorCode, errorCodes, isErrorCode } from './error-codes'

export interface AppErrorOptions {
  /** For the log; never shown to people. Must not contain secrets (the log redacts as a second line of defence). */
  message?: string
  /** The sentence a person reads; without it the general sentence of the code is used. */
  say?: string
  /** The request field that is at fault. */
  field?: string
  /** Seconds until a retry makes sense. */
  retryAfter?: number
  /** What a screen may offer instead, beside the sentence. */
  data?: Readonly<Record<string, unknown>>
  cause?: unknown
}

// The build holds this module more than once (pages and routes are bundles of their own), and a relay lives on from one to
// the other: its errors must be known in both.
const brand = Symbol.for('watchtheflix.AppError')

/** The one error class: a code from the table, a message for the log and a sentence for people. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly [brand] = true
  readonly code: ErrorCode
  readonly say: string
  readonly field: string | undefined
  readonly retryAfter: number | undefined
  readonly data: Readonly<Record<string, unknown>> | undefined

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    super(options.message ?? code, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.say = options.say ?? errorCodes[code].say
    this.field = options.field
    this.retryAfter = options.retryAfter
    this.data = options.data
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && brand in value
  }

  get status(): number {
    return errorCodes[this.code].status
  }

  get retryable(): boolean {
    return errorCodes[this.code].retryable
  }
}

/** Anything thrown becomes an AppError; what we did not foresee becomes UNEXPECTED with the original as cause. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  return new AppError('UNEXPECTED', { message: error instanceof Error ? error.message : String(error), cause: error })
}

/** True for the AbortError that a cancelled fetch, timer or stream throws: a departure, not a failure. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || ('code' in error && error.code === 'ABORT_ERR'))
}
