import { createHash, randomUUID } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { HOUR, MINUTE } from '@/lib/kernel/time'
import { createTurns } from '@/lib/kernel/turns'

const MAX_MAKING = 2
const MAKING_MS = 5 * MINUTE
const MAX_FILES = 24
const READ_BYTES = 65_536
/** Who asked within this time is expected again: his document is made anew as soon as it is out of date. */
const EXPECTED_MS = 36 * HOUR
const ENDING = '.gz'
const HALF = '.part'

export interface DocumentRecipe {
  /** Moves when the content does. */
  version: string
  write: () => AsyncIterable<string>
}

interface Known {
  recipe: () => Promise<DocumentRecipe>
  name: string
  usedAt: number
}

/** A file that grows. Emits `more` with every piece and at its end. */
class Making extends EventEmitter {
  readonly path: string
  isOver = false
  failure: unknown = null
  opened: Promise<FileHandle>

  constructor(path: string, folderIsThere: Promise<void>) {
    super()
    this.setMaxListeners(0)
    this.path = path
    this.opened = folderIsThere.then(() => open(path, 'wx', 0o600))
    this.opened.catch(() => {})
  }
}

/**
 * Documents too large for memory, packed in files. Each version is written once, at the pace of the database, however many
 * ask and however slowly they read: a reader follows the file while it grows. Old ones go, least recently used first.
 */
export class DocumentFiles {
  readonly #folder: string
  readonly #making = new Map<string, Making>()
  readonly #known = new Map<string, Known>()
  readonly #inTurn = createTurns(MAX_MAKING)
  #prepared: Promise<void> | null = null

  constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * The gzip bytes of the document of this key. `recipe` is the one of now; `newest` finds it again later, and throws when
   * nobody may ask any more. @throws when the writing fails, in mid-document too
   */
  async *read(key: string, recipe: DocumentRecipe, newest: () => Promise<DocumentRecipe>): AsyncGenerator<Buffer> {
    const name = nameOf(key, recipe.version)
    this.#note(key, { recipe: newest, name, usedAt: Date.now() })
    const path = join(this.#folder, name)
    const kept = this.#making.has(name) ? null : await open(path, 'r').catch(() => null)
    if (kept !== null) {
      const now = new Date()
      await utimes(path, now, now).catch(() => {})
      yield* piecesOf(kept, null)
      return
    }
    const making = this.#make(name, recipe)
    await making.opened
    // By now it may be whole and have its last name.
    const file = await open(making.path, 'r').catch(() => open(path, 'r'))
    yield* piecesOf(file, making)
  }

  /** Makes anew what is out of date and was asked for lately, so that the next reader finds it whole. */
  async renew(): Promise<void> {
    for (const [key, known] of [...this.#known].reverse()) {
      const recipe = Date.now() - known.usedAt < EXPECTED_MS ? await known.recipe().catch(() => null) : null
      if (recipe === null) {
        this.#known.delete(key)
        continue
      }
      const name = nameOf(key, recipe.version)
      if (name === known.name) continue
      await ended(this.#make(name, recipe))
      await rm(join(this.#folder, known.name), { force: true })
      known.name = name
    }
  }

  #make(name: string, recipe: DocumentRecipe): Making {
    const running = this.#making.get(name)
    if (running !== undefined) return running
    this.#prepared ??= this.#prepare()
    const making = new Making(join(this.#folder, `${name}.${randomUUID()}${HALF}`), this.#prepared)
    this.#making.set(name, making)
    this.#inTurn(() => this.#write(making, name, recipe))
      .catch(error => {
        making.failure = error ?? new Error('the document could not be written')
      })
      .finally(() => {
        making.isOver = true
        this.#making.delete(name)
        making.emit('more')
      })
    return making
  }

  async #write(making: Making, name: string, recipe: DocumentRecipe): Promise<void> {
    const until = Date.now() + MAKING_MS
    const file = await making.opened
    try {
      for await (const piece of packed(recipe.write())) {
        await file.write(piece)
        making.emit('more')
        if (Date.now() > until) throw new Error('the document took too long')
      }
      await rename(making.path, join(this.#folder, name))
    } catch (error) {
      await rm(making.path, { force: true })
      throw error
    } finally {
      await file.close()
    }
    await this.#trim()
  }

  #note(key: string, known: Known): void {
    this.#known.delete(key)
    this.#known.set(key, known)
    const [oldest] = this.#known.keys()
    if (this.#known.size > MAX_FILES && oldest !== undefined) this.#known.delete(oldest)
  }

  async #trim(): Promise<void> {
    const names = (await readdir(this.#folder)).filter(name => name.endsWith(ENDING))
    const files = await Promise.all(
      names.map(async name => ({ name, usedMs: (await stat(join(this.#folder, name)).catch(() => null))?.mtimeMs ?? 0 })),
    )
    const surplus = files.sort((a, b) => b.usedMs - a.usedMs).slice(MAX_FILES)
    await Promise.all(surplus.map(({ name }) => rm(join(this.#folder, name), { force: true })))
  }

  /** Makes the folder, and removes what an ended process left half written. */
  async #prepare(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    for (const name of (await readdir(this.#folder)).filter(one => one.endsWith(HALF))) {
      const path = join(this.#folder, name)
      const facts = await stat(path).catch(() => null)
      if (facts && Date.now() - facts.mtimeMs > MAKING_MS) await rm(path, { force: true })
    }
  }
}

const nameOf = (key: string, version: string): string =>
  `${createHash('sha256').update(`${key}\n${version}`).digest('hex')}${ENDING}`

async function ended(making: Making): Promise<void> {
  while (!making.isOver) await once(making, 'more')
}

async function* piecesOf(file: FileHandle, making: Making | null): AsyncGenerator<Buffer> {
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

/** A fault in mid-document comes out at the end of it, where the reader is. */
function packed(document: AsyncIterable<string>): AsyncIterable<Buffer> {
  return pipeline(Readable.from(document), createGzip({ level: 1, memLevel: 9 }), () => {})
}
