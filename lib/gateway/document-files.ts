import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { LineRecord } from '@/lib/accounts'
import { AppError } from '@/lib/kernel/errors'
import { HOUR, MINUTE } from '@/lib/kernel/time'
import { createTurns } from '@/lib/kernel/turns'
import type { CacheFacts } from './answer-cache'
import { ended, Making, piecesOf } from './growing-file'

const MAX_MAKING = 3
/** Documents being written or waiting for their turn. */
const MAX_WAITING = 16
const MAKING_MS = 5 * MINUTE
/** Documents that are made anew by themselves; each costs the database seconds. */
const MAX_KNOWN = 64
/** Who asked within this time is expected again: what he asked for is made anew as soon as it is out of date. */
export const EXPECTED_MS = 36 * HOUR
const ENDING = '.gz'
const HALF = '.part'

export interface DocumentRecipe {
  /** Moves when the content does. */
  version: string
  write: () => AsyncIterable<string>
}

/** The newest version, for whoever asked last or for another line, and the key under which it belongs by now. */
export type DescribeDocument = (asker?: LineRecord) => Promise<DocumentRecipe & { key: string }>

interface Known {
  recipe: DescribeDocument
  name: string
  usedAt: number
  hits: number
}

/**
 * Documents too large for memory, packed in files. Each version is written once, at the pace of the database, however many
 * ask and however slowly they read: a reader follows the file while it grows. Least recently used ones go when the budget is full.
 */
export class DocumentFiles {
  readonly #folder: string
  readonly #maxBytes: number
  readonly #making = new Map<string, Making>()
  readonly #known = new Map<string, Known>()
  readonly #inTurn = createTurns(MAX_MAKING)
  #hits = 0
  #misses = 0

  constructor(folder: string, maxBytes: number) {
    this.#folder = folder
    this.#maxBytes = maxBytes
  }

  /**
   * The gzip bytes of the document of this key, held open from now on: whoever asks reads them, or calls `return` of their
   * iterator. `recipe` is the one of now; `newest` finds it again later, and throws when its asker may ask no more.
   * @throws UNAVAILABLE when too many others are being written; from the bytes, when the writing fails, in mid-document too
   */
  async read(key: string, recipe: DocumentRecipe, newest: DescribeDocument): Promise<AsyncIterable<Buffer>> {
    const known = this.#note(key, recipe, newest)
    const { name } = known
    const path = join(this.#folder, name)
    // A name may go at any time, an open file stays whole for its readers.
    const kept = this.#making.has(name) ? null : await open(path, 'r').catch(noFile)
    if (kept !== null || this.#making.has(name)) this.#countHit(known)
    else this.#misses++
    if (kept !== null) {
      const now = new Date()
      await kept.utimes(now, now).catch(() => {})
      return piecesOf(Promise.resolve(kept), null)
    }
    if (!this.#making.has(name) && this.#making.size >= MAX_WAITING) throw new AppError('UNAVAILABLE')
    const making = this.#make(name, recipe)
    // It may be whole already and have its last name.
    const opened = making.begun.then(() => open(making.path, 'r').catch(() => open(path, 'r')))
    return piecesOf(opened, making)
  }

  /** Somebody has this version already: it is in use, so it is made anew when it is out of date. */
  expect(key: string, recipe: DocumentRecipe, newest: DescribeDocument): void {
    this.#countHit(this.#note(key, recipe, newest))
  }

  /** The files of the folder, last used first; those that nobody has asked this process for have no key. */
  async facts(now = Date.now()): Promise<CacheFacts> {
    const byName = new Map([...this.#known].map(([key, { name, hits }]) => [name, { key, hits }]))
    const entries = (await this.#listFiles())
      .filter(({ name }) => name.endsWith(ENDING))
      .map(({ name, bytes, madeMs }) => {
        const { key = '', hits = 0 } = byName.get(name) ?? {}
        return { key, bytes, hits, ageSeconds: Math.max(0, Math.round((now - madeMs) / 1_000)) }
      })
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0)
    return { hits: this.#hits, misses: this.#misses, bytes, maxBytes: this.#maxBytes, entries }
  }

  #note(key: string, { version }: DocumentRecipe, newest: DescribeDocument): Known {
    const hits = this.#known.get(key)?.hits ?? 0
    return this.#expect(key, { recipe: newest, name: nameOf(key, version), usedAt: Date.now(), hits })
  }

  #expect(key: string, known: Known): Known {
    this.#known.delete(key)
    this.#known.set(key, known)
    const [oldest] = this.#known.keys()
    if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest)
    return known
  }

  #countHit(known: Known): void {
    this.#hits++
    known.hits++
  }

  /**
   * Makes anew what is out of date and was asked for lately, so that the next reader finds it whole; what belongs under another
   * key by now is made there.
   */
  async renew(): Promise<void> {
    for (const [key, { usedAt, recipe, name: before }] of [...this.#known].reverse()) {
      const newest = Date.now() - usedAt < EXPECTED_MS ? await recipe().catch(() => null) : null
      const known = this.#known.get(key)
      // Somebody has asked meanwhile and found the newest version himself.
      if (known === undefined || known.name !== before) continue
      if (newest !== null && nameOf(newest.key, newest.version) === before) continue
      // Whoever asks next tries again and is told.
      if (newest !== null && !(await this.#prepare(newest, { ...known, usedAt }))) continue
      if (newest?.key !== key && this.#known.get(key) === known) this.#known.delete(key)
      if (this.#known.get(key)?.name !== before) await rm(join(this.#folder, before), { force: true }).catch(() => {})
    }
  }

  /**
   * Makes for a line, which sees something else now, the same documents that were asked for lately of `isOf`, as far as there is
   * room: nothing that is in use gives way to what nobody has asked for.
   */
  async follow(isOf: (key: string) => boolean, asker: LineRecord): Promise<void> {
    for (const [key, known] of [...this.#known].reverse()) {
      if (!isOf(key) || Date.now() - known.usedAt >= EXPECTED_MS) continue
      if (!(await this.#hasRoomFor(known.name))) return
      const recipe: DescribeDocument = (other = asker) => known.recipe(other)
      const newest = await recipe().catch(() => null)
      // One that is out of date is renewed when it is asked for, or with all others.
      if (newest !== null && !this.#known.has(newest.key)) await this.#prepare(newest, { ...known, recipe, hits: 0 })
    }
  }

  /** For one more of the size of this one. */
  async #hasRoomFor(name: string): Promise<boolean> {
    const files = await this.#listFiles()
    const bytes = files.reduce((sum, file) => sum + file.bytes * (file.name === name ? 2 : 1), 0)
    return this.#known.size < MAX_KNOWN && bytes <= this.#maxBytes
  }

  /** False when it could not be written. */
  async #prepare({ key, ...newest }: DocumentRecipe & { key: string }, known: Known): Promise<boolean> {
    const name = nameOf(key, newest.version)
    const there = this.#known.get(key)
    if (there?.name === name) return true
    // In the order in which they were used, not in that in which they are written.
    if ((await ended(this.#make(name, newest, known.usedAt))) !== null) return false
    // Somebody may have asked for it meanwhile.
    const now = this.#known.get(key)
    if (now === undefined) this.#expect(key, { ...known, name })
    else if (now === there) now.name = name
    return true
  }

  #make(name: string, recipe: DocumentRecipe, usedAt = Date.now()): Making {
    const running = this.#making.get(name)
    if (running !== undefined) return running
    const making = new Making(join(this.#folder, `${name}.${randomUUID()}${HALF}`))
    this.#making.set(name, making)
    this.#inTurn(() => this.#write(making, { name, usedAt }, recipe)).then(
      () => this.#end(name, making, null),
      error => this.#end(name, making, error ?? new Error('the document could not be written')),
    )
    return making
  }

  #end(name: string, making: Making, failure: unknown): void {
    this.#making.delete(name)
    making.end(failure)
    // Tidying up is nobody's fault who reads.
    if (failure === null) this.#trim().catch(() => {})
  }

  async #write(making: Making, { name, usedAt }: Pick<Known, 'name' | 'usedAt'>, recipe: DocumentRecipe): Promise<void> {
    const until = Date.now() + MAKING_MS
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const file = await open(making.path, 'wx', 0o600)
    try {
      making.begin()
      for await (const piece of packed(recipe.write())) {
        await file.appendFile(piece)
        making.emit('more')
        if (Date.now() > until) throw new Error('the document took too long')
      }
      await utimes(making.path, new Date(usedAt), new Date(usedAt))
      await rename(making.path, join(this.#folder, name))
    } catch (error) {
      await rm(making.path, { force: true })
      throw error
    } finally {
      await file.close()
    }
  }

  /** Removes what was not used for longest, and what an ended process left half written. The one used last stays, whatever its size. */
  async #trim(): Promise<void> {
    let total = 0
    const surplus = (await this.#listFiles()).filter(({ name, bytes, usedMs }) => {
      if (name.endsWith(HALF)) return Date.now() - usedMs > MAKING_MS
      const isLast = total === 0
      total += bytes
      return !isLast && total > this.#maxBytes
    })
    await Promise.all(surplus.map(({ name }) => rm(join(this.#folder, name), { force: true })))
  }

  /** Whole and half ones, last used first. */
  async #listFiles(): Promise<{ name: string; bytes: number; usedMs: number; madeMs: number }[]> {
    const names = await readdir(this.#folder).catch(() => [])
    const files = await Promise.all(
      names.map(async name => {
        // One that goes meanwhile is not there.
        const found = await stat(join(this.#folder, name)).catch(() => null)
        return found === null
          ? []
          : [{ name, bytes: found.size, usedMs: found.mtimeMs, madeMs: found.birthtimeMs || found.ctimeMs }]
      }),
    )
    return files.flat().sort((a, b) => b.usedMs - a.usedMs)
  }
}

/** Anything else that is wrong with a file is no reason to write it once more. */
function noFile(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}

const nameOf = (key: string, version: string): string =>
  `${createHash('sha256').update(`${key}\n${version}`).digest('hex')}${ENDING}`

/** A fault in mid-document comes out at the end of it, where the reader is. */
function packed(document: AsyncIterable<string>): AsyncIterable<Buffer> {
  return pipeline(Readable.from(document), createGzip({ level: 1, memLevel: 9 }), () => {})
}
