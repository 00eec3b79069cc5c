import { gunzipSync } from 'node:zlib'
import { expect, test, vi } from 'vitest'
import type { LineRecord } from '@/lib/accounts'
import { AnswerCache, formatted, type Recipe, stampOf } from './answer-cache'

/** For what is waited for, on any machine. */
const PATIENCE = { timeout: 20_000 }

const ENTRY = 1_024
const KB = 1_024

/** A recipe whose answer is so many bytes; unpacked, so that its size is known. */
const recipeOf = (key: string, version: string, text: string, packs = false) =>
  vi.fn(
    async (): Promise<Recipe> => ({
      key,
      version,
      packs,
      async *render() {
        yield text.slice(0, 10)
        yield text.slice(10)
      },
    }),
  )
const textOf = (letter: string, kilobytes = 1) => letter.repeat(kilobytes * KB)
const keysOf = (cache: AnswerCache) => cache.facts().entries.map(({ key }) => key)

test('an answer is rendered once, plain and packed, and says the same in both', async () => {
  const cache = new AnswerCache(100 * KB)
  const recipe = recipeOf('list', '1', textOf('a'), true)
  const answer = await cache.get('list', '1', recipe)
  expect(gunzipSync(answer.packed).toString()).toBe(textOf('a'))
  expect(answer.plain.toString()).toBe(textOf('a'))
  expect(await cache.get('list', '1', recipe)).toBe(answer)
  expect(cache.peek('list', '1')).toBe(answer)
  expect(cache.peek('list', '2')).toBeNull()
  expect(recipe).toHaveBeenCalledOnce()
  const { hits, misses, bytes, entries } = cache.facts(Date.now() + 5_000)
  expect({ hits, misses, bytes }).toEqual({ hits: 2, misses: 1, bytes: KB + answer.packed.length + ENTRY })
  expect(entries).toMatchObject([{ key: 'list', hits: 2, ageSeconds: 5 }])
})

test('whoever asks at the same time waits for the same rendering', async () => {
  const cache = new AnswerCache(100 * KB)
  const recipe = recipeOf('list', '1', textOf('a'))
  const answers = await Promise.all(Array.from({ length: 50 }, () => cache.get('list', '1', recipe)))
  expect(new Set(answers).size).toBe(1)
  expect(recipe).toHaveBeenCalledOnce()
})

test('when the budget is full the answers used longest ago go', async () => {
  const cache = new AnswerCache(3 * (KB + ENTRY))
  for (const key of ['a', 'b', 'c']) await cache.get(key, '1', recipeOf(key, '1', textOf(key)))
  await cache.get('a', '1', recipeOf('a', '1', textOf('a')))
  await cache.get('d', '1', recipeOf('d', '1', textOf('d')))
  expect(keysOf(cache)).toEqual(['d', 'a', 'c'])
  // One as large as two of them takes two places.
  await cache.get('e', '1', recipeOf('e', '1', textOf('e', 3)))
  expect(keysOf(cache)).toEqual(['e', 'd'])
  const { bytes, maxBytes } = cache.facts()
  expect([bytes, maxBytes]).toEqual([4 * KB + 2 * ENTRY, 3 * (KB + ENTRY)])
})

test('what is read without waiting counts as used', async () => {
  const cache = new AnswerCache(2 * (KB + ENTRY))
  for (const key of ['a', 'b']) await cache.get(key, '1', recipeOf(key, '1', textOf(key)))
  cache.peek('a', '1')
  await cache.get('c', '1', recipeOf('c', '1', textOf('c')))
  expect(keysOf(cache)).toEqual(['c', 'a'])
})

test('a renewal is no use: the order stays, so that what apps ask for is what stays', async () => {
  const cache = new AnswerCache(3 * (KB + ENTRY))
  const state = { version: '1' }
  for (const key of ['a', 'b', 'c']) await cache.get(key, '1', async () => recipeOf(key, state.version, textOf(key))())
  state.version = '2'
  await cache.renew()
  expect(keysOf(cache)).toEqual(['c', 'b', 'a'])
  await cache.get('d', '2', recipeOf('d', '2', textOf('d')))
  expect(keysOf(cache)).toEqual(['d', 'c', 'b'])
})

test('an answer larger than the budget is served, not kept, and drives nothing out', async () => {
  const cache = new AnswerCache(2 * (KB + ENTRY))
  await cache.get('small', '1', recipeOf('small', '1', textOf('s')))
  const recipe = recipeOf('large', '1', textOf('l', 100))
  for (let n = 0; n < 2; n++) expect((await cache.get('large', '1', recipe)).plain.toString()).toBe(textOf('l', 100))
  expect(recipe).toHaveBeenCalledTimes(2)
  expect(keysOf(cache)).toEqual(['small'])
  expect(cache.facts().bytes).toBe(KB + ENTRY)
})

test('what has grown beyond the budget gives its old place back', async () => {
  const cache = new AnswerCache(2 * (KB + ENTRY))
  await cache.get('list', '1', recipeOf('list', '1', textOf('s')))
  await cache.get('list', '2', recipeOf('list', '2', textOf('l', 100)))
  await vi.waitFor(() => expect(cache.facts()).toMatchObject({ bytes: 0, entries: [] }), PATIENCE)
})

test('while a new version is made the old one is served, then the new one', async () => {
  const cache = new AnswerCache(100 * KB)
  const old = await cache.get('list', '1', recipeOf('list', '1', textOf('a')))
  const gate = Promise.withResolvers<void>()
  const made = recipeOf('list', '2', textOf('b'))
  const slow = vi.fn(async () => {
    await gate.promise
    return made()
  })
  for (let n = 0; n < 5; n++) expect(await cache.get('list', '2', slow)).toBe(old)
  expect(slow).toHaveBeenCalledOnce()
  gate.resolve()
  await vi.waitFor(() => expect(cache.peek('list', '2')?.plain.toString()).toBe(textOf('b')), PATIENCE)
  expect(slow).toHaveBeenCalledOnce()
  expect(cache.facts()).toMatchObject({ misses: 1, bytes: KB + ENTRY })
})

test('a rendering that fails is told when there is nothing older, and the next one to ask tries again', async () => {
  const cache = new AnswerCache(100 * KB)
  const failing = vi.fn(async (): Promise<Recipe> => Promise.reject(new Error('the database went away')))
  await expect(cache.get('list', '1', failing)).rejects.toThrow('the database went away')
  expect((await cache.get('list', '1', recipeOf('list', '1', textOf('a')))).plain.toString()).toBe(textOf('a'))
})

test('a new version that fails, in mid-answer too, leaves the old one standing until one succeeds', async () => {
  const cache = new AnswerCache(100 * KB)
  const old = await cache.get('list', '1', recipeOf('list', '1', textOf('a')))
  const ended = vi.fn()
  const failing = vi.fn(
    async (): Promise<Recipe> => ({
      key: 'list',
      version: '2',
      packs: false,
      async *render() {
        try {
          yield textOf('b')
          throw new Error('the database went away')
        } finally {
          ended()
        }
      },
    }),
  )
  for (let n = 1; n <= 2; n++) {
    expect(await cache.get('list', '2', failing)).toBe(old)
    await vi.waitFor(() => expect(ended).toHaveBeenCalledTimes(n), PATIENCE)
    // One turn of the loop, so that the failed rendering is put away.
    await new Promise(done => setImmediate(done))
  }
  expect(failing).toHaveBeenCalledTimes(2)
  expect(await cache.get('list', '2', recipeOf('list', '2', textOf('c')))).toBe(old)
  await vi.waitFor(() => expect(cache.peek('list', '2')?.plain.toString()).toBe(textOf('c')), PATIENCE)
})

test('a renewal makes anew what is out of date and drops what nobody may ask for', async () => {
  const cache = new AnswerCache(100 * KB)
  const state = { version: '1' }
  const moving = vi.fn(async () => recipeOf('moving', state.version, textOf(state.version))())
  const still = recipeOf('still', '1', textOf('s'))
  await cache.get('moving', '1', moving)
  await cache.get('still', '1', still)
  const gone = vi.fn(recipeOf('gone', '1', textOf('g')))
  await cache.get('gone', '1', gone)
  gone.mockRejectedValue(new Error('the line is gone'))
  state.version = '2'
  await cache.renew()
  expect(keysOf(cache).sort()).toEqual(['moving', 'still'])
  expect(cache.peek('moving', '2')?.plain.toString()).toBe(textOf('2'))
  expect(cache.peek('still', '1')).not.toBeNull()
  expect(cache.facts()).toMatchObject({ misses: 3, bytes: 2 * (KB + ENTRY) })
})

test('what belongs under another key by now is rendered there by a renewal, and is no longer under the old one', async () => {
  const cache = new AnswerCache(100 * KB)
  const state = { key: 'much' }
  const recipe = async () => recipeOf(state.key, '1', textOf(state.key.slice(0, 1)))()
  await cache.get('much', '1', recipe)
  state.key = 'little'
  await cache.renew()
  expect(keysOf(cache)).toEqual(['little'])
  expect(cache.peek('little', '1')?.plain.toString()).toBe(textOf('l'))
  expect(cache.facts()).toMatchObject({ misses: 1, bytes: KB + ENTRY })
})

test('nobody who waits is given what was rendered for another key', async () => {
  const cache = new AnswerCache(100 * KB)
  await expect(cache.get('little', '1', recipeOf('much', '1', textOf('m')))).rejects.toThrow()
  expect(keysOf(cache)).toEqual([])
})

test('a renewal does not bring back what gave way to a larger version', async () => {
  const cache = new AnswerCache(2 * (KB + ENTRY))
  const state = { version: '1', kilobytes: 1 }
  await cache.get('a', '1', async () => recipeOf('a', state.version, textOf('a'))())
  await cache.get('b', '1', async () => recipeOf('b', state.version, textOf('b', state.kilobytes))())
  Object.assign(state, { version: '2', kilobytes: 3 })
  await cache.renew()
  expect(keysOf(cache)).toEqual(['b'])
  expect(cache.peek('b', '2')).not.toBeNull()
})

test('for a line that sees something else now what others asked for is rendered once, and theirs stays', async () => {
  const cache = new AnswerCache(100 * KB)
  const rendered: string[] = []
  const describing = (name: string) => async (line?: LineRecord) => {
    const key = `${line === undefined ? 'old' : `of ${line.id}`} ${name}`
    const render = async function* () {
      rendered.push(key)
      yield textOf('a')
    }
    return { key, version: '1', packs: false, render }
  }
  for (const name of ['list', 'movies']) await cache.get(`old ${name}`, '1', describing(name))
  await cache.get('else', '1', recipeOf('else', '1', textOf('b')))
  const isOld = (key: string) => key.startsWith('old ')
  const line = { id: 7 } as LineRecord
  await Promise.all([cache.follow(isOld, line), cache.follow(isOld, line)])
  expect(rendered).toEqual(['old list', 'old movies', 'of 7 movies', 'of 7 list'])
  expect(cache.peek('of 7 list', '1')).not.toBeNull()
  expect(cache.peek('old list', '1')).not.toBeNull()
  // From here on it is renewed for that line.
  expect(keysOf(cache)).toHaveLength(5)
  await cache.renew()
  expect([rendered.length, keysOf(cache).length]).toEqual([4, 5])
})

const asker = { id: 7 } as LineRecord

test('what nobody has asked for is made only where there is room, and is the first to go', async () => {
  const cache = new AnswerCache(4 * (KB + ENTRY))
  const rendered: string[] = []
  const describing = (name: string, kilobytes: number) => async (line?: LineRecord) => {
    const key = `${line === undefined ? 'old' : 'new'} ${name}`
    const render = async function* () {
      rendered.push(key)
      yield textOf(name, line === undefined ? 1 : kilobytes)
    }
    return { key, version: '1', packs: false, render }
  }
  await cache.get('old a', '1', describing('a', 1))
  await cache.get('old b', '1', describing('b', 1))
  await cache.get('old c', '1', describing('c', 2))
  // The one used last is larger than it was for others: nothing of theirs goes for it.
  await cache.follow(key => key === 'old c', asker)
  expect([rendered.at(-1), keysOf(cache)]).toEqual(['new c', ['old c', 'old b', 'old a']])
  await cache.follow(() => true, asker)
  await cache.follow(key => key === 'old b', asker)
  expect(keysOf(cache)).toEqual(['old c', 'old b', 'old a', 'new b'])
  const made = rendered.length
  await cache.follow(key => key === 'old a', asker)
  expect(rendered).toHaveLength(made)
  await cache.get('other', '1', recipeOf('other', '1', textOf('o')))
  expect(keysOf(cache)).toEqual(['other', 'old c', 'old b', 'old a'])
})

test('a rendering on the recipe of one who has moved on meanwhile fails him only: whoever waits for it is answered', async () => {
  const cache = new AnswerCache(100 * KB)
  const gate = Promise.withResolvers<void>()
  const moved = async () => {
    await gate.promise
    return recipeOf('little', '1', textOf('l'))()
  }
  const his = expect(cache.get('much', '1', moved)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  const others = [moved, recipeOf('much', '1', textOf('m')), moved].map(recipe => cache.get('much', '1', recipe))
  gate.resolve()
  await his
  const [second, third, last] = await Promise.allSettled(others)
  expect(second?.status).toBe('rejected')
  for (const answered of [third, last]) expect(answered).toMatchObject({ value: { plain: Buffer.from(textOf('m')) } })
  // What fails otherwise fails for all: it would for each of them.
  const failing = vi.fn(async (): Promise<Recipe> => Promise.reject(new Error('the database went away')))
  const failed = await Promise.allSettled([cache.get('list', '1', failing), cache.get('list', '1', failing)])
  expect([failed.map(({ status }) => status), failing.mock.calls.length]).toEqual([['rejected', 'rejected'], 1])
})

test('a stamp names how an answer is rendered: another rendering of the same content has another one', async () => {
  expect(formatted('1', 2)).not.toBe(formatted('1'))
  const { stamp } = await new AnswerCache(KB).get('list', '1', recipeOf('list', '1', textOf('a')))
  expect([stamp, stamp.endsWith(formatted('1'))]).toEqual([stampOf('list', '1'), true])
})
