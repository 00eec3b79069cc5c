import { EventEmitter, once } from 'node:events'
import type { FileHandle } from 'node:fs/promises'

const READ_BYTES = 65_536

/** A file that grows. Emits `more` with every piece and at its end. */
export class Making extends EventEmitter {
  readonly path: string
  isOver = false
  failure: unknown = null
  readonly #begun = Promise.withResolvers<void>()

  constructor(path: string) {
    super()
    this.setMaxListeners(0)
    this.path = path
    this.#begun.promise.catch(() => {})
  }

  /** Resolves when there is a file to follow. @throws what kept it from being made */
  get begun(): Promise<void> {
    return this.#begun.promise
  }

  begin(): void {
    this.#begun.resolve()
  }

  end(failure: unknown): void {
    this.failure = failure
    this.isOver = true
    this.#begun.reject(failure)
    this.emit('more')
  }
}

/** What made it fail, null when it is whole. */
export async function ended(making: Making): Promise<unknown> {
  while (!making.isOver) await once(making, 'more')
  return making.failure
}

/** The bytes of a file, followed while it is being made. Closes it at their end, and with `return`, also before the first of them. */
export function piecesOf(opened: Promise<FileHandle>, making: Making | null): AsyncIterable<Buffer> {
  const close = () => void opened.then(file => file.close()).catch(() => {})
  const pieces = readPieces(opened, making)
  // Told to whoever reads.
  opened.catch(() => {})
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => pieces.next(),
      return: async () => {
        close()
        await pieces.return()
        return { done: true, value: undefined }
      },
    }),
  }
}

async function* readPieces(opened: Promise<FileHandle>, making: Making | null): AsyncGenerator<Buffer, void, undefined> {
  const file = await opened
  try {
    for (let at = 0; ; ) {
      // Before the read: what is written after it is met by the next one.
      const isWhole = making === null || making.isOver
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(READ_BYTES), 0, READ_BYTES, at)
      at += bytesRead
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead)
      else if (isWhole) break
      else if (!making.isOver) await once(making, 'more')
    }
    if (making?.failure) throw making.failure
  } finally {
    await file.close()
  }
}
