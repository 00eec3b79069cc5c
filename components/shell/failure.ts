import type { ErrorCode } from '@/lib/kernel/errors'

interface FailureFacts {
  code: ErrorCode
  /** The sentence a person reads. */
  say: string
  field?: string | undefined
  requestId?: string | undefined
  /** What the screen may offer instead: the view of the operation says what it is. */
  data?: Readonly<Record<string, unknown>> | undefined
  /** Trying again can help. */
  retryable?: boolean
  /** No answer came at all: the network is away, or the server is. */
  isUnreachable?: boolean
}

/**
 * A failure as a screen shows it. The browser's half of AppError: code and sentence come ready from the server, so the
 * table of all codes stays out of the first load.
 */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: ErrorCode
  readonly say: string
  readonly field: string | undefined
  readonly requestId: string | undefined
  readonly data: Readonly<Record<string, unknown>> | undefined
  readonly retryable: boolean
  readonly isUnreachable: boolean

  constructor({ code, say, field, requestId, data, retryable = false, isUnreachable = false }: FailureFacts, cause?: unknown) {
    super(code, { cause })
    this.code = code
    this.say = say
    this.field = field
    this.requestId = requestId
    this.data = data
    this.retryable = retryable
    this.isUnreachable = isUnreachable
  }
}

const ours = 'Something went wrong on our side. Try again; if it stays, tell us the code below.'

/** Anything thrown becomes a Failure; what nobody foresaw is our fault. */
export function toFailure(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure({ code: 'UNEXPECTED', say: ours, retryable: true }, error)
}

export const isUnreachable = (error: unknown): boolean => error instanceof Failure && error.isUnreachable
