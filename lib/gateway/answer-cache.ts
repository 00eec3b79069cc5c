import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { LineRecord } from '@/lib/accounts'
import { AppError } from '@/lib/kernel/errors'
import { createTurns } from '@/lib/kernel/turns'

const pack = promisify(gzip)

/** What an entry costs beside its bytes. */
const ENTRY_BYTES = 1_024
/** Shorter than a single row: not worth a place, and there may be any number of them. */
const MIN_KEPT_BYTES = 64
/** Renderings at a time: each holds a database connection. */
const MAX_RENDERINGS = 3

export interface Answer {
  plain: Buffer
  packed: Buffer
  /** Of the content: the same bytes have the same one in every process. */
  etag: string
  /** Where it belongs, and its version: what can be told of an answer without making it. */
  stamp: string
}

/** Raise it when a rendering changes, of lists or of the guide: who has an answer of an earlier build gets the new one. */
const FORMAT = 1

/** Of the content and of how it is rendered. */
export const formatted = (version: string, format = FORMAT): string => `${format}|${version}`
export const stampOf = (key: string, version: string): string => `${key} ${formatted(version)}`

/** Whoever asked for an answer sees something else by now: it is nobody's under that key. */
class MovedAway extends Error {}

export interface Recipe {
  /** Under which the answer belongs now: whoever asked for it may see something else by now. */
  key: string
  /** Moves when the content does. */
  version: string
  /** Pieces of the answer's text, in order. */
  render: () => AsyncIterable<string>
  /** False for what is completed for each reader, which cannot be packed beforehand. */
  packs: boolean
  /** Made before anybody asks: the first to go. */
  isUnasked?: boolean
}

/** How to make the newest answer, for whoever asked last or for another line. */
export type Describe = (asker?: LineRecord) => Promise<Recipe>

export interface CacheFacts {
  hits: number
  misses: number
  bytes: number
  maxBytes: number
  entries: { key: string; bytes: number; hits: number; ageSeconds: number }[]
}

interface Entry {
  answer: Answer
  version: string
  recipe: Describe
  madeAt: number
  hits: number
}

/**
 * Rendered answers as bytes, plain and packed. One rendering at a time for each; while a new version is made the old one is
 * served. Least recently used ones go when the budget is full.
 */
export class AnswerCache {
  readonly #maxBytes: number
  readonly #entries = new Map<string, Entry>()
  readonly #underWay = new Map<string, Promise<Answer>>()
  readonly #inTurn = createTurns(MAX_RENDERINGS)
  #bytes = 0
  #hits = 0
  #misses = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** `version` is the one that is wanted now; `recipe` finds how to make the newest. */
  async get(key: string, version: string, recipe: Describe): Promise<Answer> {
    const known = this.#entries.get(key)
    if (known === undefined) {
      this.#misses++
      return this.#makeFor(key, recipe)
    }
    this.#use(key, known)
    known.recipe = recipe
    // A failure leaves the old answer where it is; the next request tries again.
    if (known.version !== version) this.#make(key, recipe).catch(() => {})
    return known.answer
  }

  /** The kept answer of this version at once, or null. */
  peek(key: string, version: string): Answer | null {
    const known = this.#entries.get(key)
    if (known === undefined || known.version !== version) return null
    this.#use(key, known)
    return known.answer
  }

  /**
   * Renders anew whatever is out of date, most recently used first, so that the next request finds it ready. What belongs
   * under another key by now is rendered there; the old answer goes at once, because it shows what may not be seen any more.
   */
  async renew(): Promise<void> {
    for (const [key, entry] of [...this.#entries].reverse()) {
      // What gave way to others meanwhile stays away.
      if (!this.#entries.has(key)) continue
      const recipe = await entry.recipe().catch(() => null)
      if (recipe === null || recipe.key !== key) this.#drop(key)
      const kept = recipe?.key === key ? entry : this.#entries.get(recipe?.key ?? '')
      if (recipe === null || recipe.version === kept?.version) continue
      await this.#make(recipe.key, entry.recipe).catch(() => this.#drop(recipe.key))
    }
  }

  /**
   * Renders for a line, which sees something else now, the same answers that are kept of `isOf`, the most recently used first, as
   * far as there is room: nothing that is in use gives way to what nobody has asked for.
   */
  async follow(isOf: (key: string) => boolean, asker: LineRecord): Promise<void> {
    for (const [key, { recipe, answer }] of [...this.#entries].reverse()) {
      if (!isOf(key)) continue
      if (this.#bytes + sizeOf(answer) > this.#maxBytes) return
      const own: Describe = async (other = asker) => ({ ...(await recipe(other)), isUnasked: true })
      const newest = await own().catch(() => null)
      // One that is out of date is renewed when it is asked for, or with all others.
      if (newest === null || this.#entries.has(newest.key)) continue
      await this.#make(newest.key, own).catch(() => {})
    }
  }

  facts(now = Date.now()): CacheFacts {
    const entries = [...this.#entries].map(([key, { answer, hits, madeAt }]) => ({
      key,
      bytes: sizeOf(answer),
      hits,
      ageSeconds: Math.round((now - madeAt) / 1_000),
    }))
    return { hits: this.#hits, misses: this.#misses, bytes: this.#bytes, maxBytes: this.#maxBytes, entries: entries.reverse() }
  }

  /** A rendering that is under way goes by the recipe of whoever began it; should it come to nothing, by one's own. */
  async #makeFor(key: string, recipe: Describe): Promise<Answer> {
    for (;;) {
      const running = this.#underWay.get(key)
      if (running === undefined) return this.#make(key, recipe).catch(askAgain)
      try {
        return await running
      } catch (error) {
        if (!(error instanceof MovedAway)) throw error
      }
    }
  }

  #make(key: string, recipe: Describe): Promise<Answer> {
    const running = this.#underWay.get(key)
    if (running !== undefined) return running
    const making = this.#inTurn(() => this.#render(key, recipe)).finally(() => this.#underWay.delete(key))
    this.#underWay.set(key, making)
    return making
  }

  async #render(key: string, recipe: Describe): Promise<Answer> {
    const { key: newest, version, render, packs, isUnasked = false } = await recipe()
    // Others may wait for this answer under the key they may see.
    if (newest !== key) throw new MovedAway('another key')
    const parts: Buffer[] = []
    for await (const part of render()) parts.push(Buffer.from(part))
    const plain = Buffer.concat(parts)
    const etag = `"${createHash('sha1').update(plain).digest('base64url')}"`
    const packed = packs ? await pack(plain, { level: 6 }) : Buffer.alloc(0)
    const answer = { plain, packed, etag, stamp: stampOf(key, version) }
    const isKept = plain.length >= MIN_KEPT_BYTES && sizeOf(answer) <= this.#maxBytes
    if (isKept) this.#keep(key, { answer, version, recipe }, isUnasked)
    else this.#drop(key)
    return answer
  }

  #use(key: string, entry: Entry): void {
    this.#hits++
    entry.hits++
    this.#entries.delete(key)
    this.#entries.set(key, entry)
  }

  /** A new version keeps the place of the old one: being rendered is not being used. */
  #keep(key: string, made: Pick<Entry, 'answer' | 'version' | 'recipe'>, isUnasked: boolean): void {
    const before = this.#entries.get(key)
    const entry = { ...made, madeAt: Date.now(), hits: before?.hits ?? 0 }
    if (isUnasked && before === undefined) putFirst(this.#entries, key, entry)
    else this.#entries.set(key, entry)
    this.#bytes += sizeOf(made.answer) - (before === undefined ? 0 : sizeOf(before.answer))
    this.#trim()
  }

  #trim(): void {
    for (const [key] of this.#entries) {
      if (this.#bytes <= this.#maxBytes) return
      this.#drop(key)
    }
  }

  #drop(key: string): void {
    const known = this.#entries.get(key)
    if (known === undefined) return
    this.#entries.delete(key)
    this.#bytes -= sizeOf(known.answer)
  }
}

/** What one may see has changed while one asked. */
function askAgain(error: unknown): never {
  throw error instanceof MovedAway ? new AppError('UNAVAILABLE', { retryAfter: 1 }) : error
}

const sizeOf = ({ plain, packed }: Answer): number => plain.length + packed.length + ENTRY_BYTES

/** At the end of what was not used for longest. */
function putFirst<Value>(all: Map<string, Value>, key: string, value: Value): void {
  const others = [...all]
  all.clear()
  all.set(key, value)
  for (const [other, kept] of others) all.set(other, kept)
}
