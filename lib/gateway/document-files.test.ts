import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { LineRecord } from '@/lib/accounts'
import { DocumentFiles, type DocumentRecipe } from './document-files'

/** For what is waited for, on any machine. */
const PATIENCE = { timeout: 20_000 }

let folder: string
let files: DocumentFiles
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'documents-')), 'inner')
  files = new DocumentFiles(folder, 2 ** 20)
})
afterEach(async () => {
  await rm(join(folder, '..'), { recursive: true, force: true })
})

const recipeOf = (version: string, write: () => AsyncIterable<string>): DocumentRecipe => ({ version, write })
const nobody = async () => Promise.reject(new Error('nobody asks'))

async function textOf(pieces: Promise<AsyncIterable<Buffer>>): Promise<string> {
  const parts: Buffer[] = []
  for await (const piece of await pieces) parts.push(piece)
  return gunzipSync(Buffer.concat(parts)).toString()
}

/** A document that goes on only when it is told. */
function gated() {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const write = vi.fn(async function* () {
    yield 'begin '
    await gates[0]?.promise
    // Random, so that packing it gives bytes at once.
    for (let n = 0; n < 20_000; n++) yield Math.random().toString(36)
    await gates[1]?.promise
    yield ' end'
  })
  return { write, gates }
}

test('a version is written once for all who read it, while it is written and after', async () => {
  const { write, gates } = gated()
  const recipe = recipeOf('1', write)
  const first = (await files.read('guide', recipe, nobody))[Symbol.asyncIterator]()
  gates[0]?.resolve()
  const piece = await first.next()
  expect(piece.done).toBe(false)
  const second = textOf(files.read('guide', recipe, nobody))
  await first.return?.()
  gates[1]?.resolve()
  const whole = await second
  expect(whole.startsWith('begin ') && whole.endsWith(' end')).toBe(true)
  expect(await textOf(files.read('guide', recipe, nobody))).toBe(whole)
  expect(await textOf(new DocumentFiles(folder, 2 ** 20).read('guide', recipe, nobody))).toBe(whole)
  expect(write).toHaveBeenCalledOnce()
})

test('a writing that fails is told to its readers and leaves nothing; the next reader starts anew', async () => {
  const failing = recipeOf('1', async function* () {
    yield 'half'
    throw new Error('the database went away')
  })
  await expect(textOf(files.read('guide', failing, nobody))).rejects.toThrow('the database went away')
  await vi.waitFor(async () => expect(await readdir(folder)).toEqual([]), PATIENCE)
  const whole = recipeOf('1', async function* () {
    yield 'whole'
  })
  expect(await textOf(files.read('guide', whole, nobody))).toBe('whole')
})

test('what was asked for is made anew when it is out of date, and the old one goes; what nobody may ask for is not', async () => {
  const write = vi.fn(async function* () {
    yield 'text'
  })
  const newest = async () => ({ ...recipeOf('2', write), key: 'guide' })
  expect(await textOf(files.read('guide', recipeOf('1', write), newest))).toBe('text')
  expect(await textOf(files.read('other', recipeOf('1', write), nobody))).toBe('text')
  await files.renew()
  expect(write).toHaveBeenCalledTimes(3)
  expect(await readdir(folder)).toHaveLength(1)
  expect(await textOf(files.read('guide', recipeOf('2', write), newest))).toBe('text')
  await files.renew()
  expect(write).toHaveBeenCalledTimes(3)
})

const asker = { id: 7 } as LineRecord

test('what belongs under another key by now is made there, and the old one goes', async () => {
  const write = vi.fn(async function* () {
    yield 'text'
  })
  const moved = async () => ({ ...recipeOf('1', write), key: 'other' })
  await textOf(files.read('guide', recipeOf('1', write), moved))
  await files.renew()
  expect(write).toHaveBeenCalledTimes(2)
  expect((await files.facts()).entries).toMatchObject([{ key: 'other' }])
  expect(await textOf(files.read('other', recipeOf('1', write), moved))).toBe('text')
  await files.renew()
  expect(write).toHaveBeenCalledTimes(2)
})

test('for a line that sees something else now what others asked for is made once, and theirs stays', async () => {
  const write = vi.fn(async function* () {
    yield 'text'
  })
  const newest = async (line?: LineRecord) => ({ ...recipeOf('1', write), key: line === undefined ? 'old guide' : 'new guide' })
  await textOf(files.read('old guide', recipeOf('1', write), newest))
  await textOf(files.read('another', recipeOf('1', write), newest))
  const isOld = (key: string) => key.startsWith('old')
  await Promise.all([files.follow(isOld, asker), files.follow(isOld, asker)])
  expect(write).toHaveBeenCalledTimes(3)
  const keys = async () => (await files.facts()).entries.map(({ key }) => key).sort()
  expect(await keys()).toEqual(['another', 'new guide', 'old guide'])
  expect(await textOf(files.read('new guide', recipeOf('1', write), newest))).toBe('text')
  await files.follow(isOld, asker)
  expect(write).toHaveBeenCalledTimes(3)
})

test('nothing is made for a line whose documents nobody has asked for lately', async () => {
  const newest = vi.fn(nobody)
  await textOf(files.read('old guide', sized(1), newest))
  vi.useFakeTimers({ now: Date.now() + 48 * 3_600_000, toFake: ['Date'] })
  await files.follow(() => true, asker).finally(() => vi.useRealTimers())
  expect(newest).not.toHaveBeenCalled()
})

/** A document that packs to about so many kilobytes: random, so that packing saves nothing but what hex wastes. */
const sized = (kilobytes: number) =>
  recipeOf('1', async function* () {
    yield randomBytes(kilobytes * 1_024).toString('hex')
  })

/** Files of the same millisecond have no order. */
const later = async () => {
  const since = Date.now()
  await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(since + 1), { interval: 1 })
}

test('when they are more than so many bytes, those used longest ago go', async () => {
  const small = new DocumentFiles(folder, 100 * 1_024)
  const keys = async () => (await small.facts()).entries.map(({ key }) => key)
  for (const key of ['a', 'b', 'a', 'c']) {
    await textOf(small.read(key, sized(30), nobody))
    await later()
  }
  expect(await keys()).toEqual(['c', 'a', 'b'])
  await textOf(small.read('d', sized(30), nobody))
  await vi.waitFor(async () => expect(await keys()).toEqual(['d', 'c', 'a']), PATIENCE)
  expect((await small.facts()).bytes).toBeLessThan(100 * 1_024)
})

test('one that goes between the answer and its reading is read whole, kept or just being written', async () => {
  const { write, gates } = gated()
  const recipe = recipeOf('1', write)
  const growing = await files.read('guide', recipe, nobody)
  for (const gate of gates) gate.resolve()
  await vi.waitFor(async () => expect((await readdir(folder)).map(name => name.endsWith('.gz'))).toEqual([true]), PATIENCE)
  const kept = await files.read('guide', recipe, nobody)
  const left = await files.read('guide', recipe, nobody)
  await rm(folder, { recursive: true })
  const whole = await textOf(Promise.resolve(growing))
  expect(whole.endsWith(' end')).toBe(true)
  expect(await textOf(Promise.resolve(kept))).toBe(whole)
  expect(write).toHaveBeenCalledOnce()
  // Who leaves before the first byte leaves nothing open.
  const links = async () =>
    Promise.all((await readdir('/proc/self/fd')).map(fd => readlink(`/proc/self/fd/${fd}`).catch(() => '')))
  const isOpen = async () => (await links()).some(link => link.startsWith(folder))
  expect(await isOpen()).toBe(true)
  await left[Symbol.asyncIterator]().return?.()
  await vi.waitFor(async () => expect(await isOpen()).toBe(false), PATIENCE)
})

test('one larger than all the room is kept alone until another comes', async () => {
  const small = new DocumentFiles(folder, 50 * 1_024)
  await textOf(small.read('small', sized(10), nobody))
  await later()
  expect(await textOf(small.read('large', sized(90), nobody))).toHaveLength(180 * 1_024)
  await vi.waitFor(async () => expect(await readdir(folder)).toHaveLength(1), PATIENCE)
  expect((await small.facts()).entries).toMatchObject([{ key: 'large' }])
})

test('what is kept is told: how many, how large, how old, how often used; also of an earlier process', async () => {
  expect(await files.facts()).toEqual({ hits: 0, misses: 0, bytes: 0, maxBytes: 2 ** 20, entries: [] })
  const recipe = sized(10)
  for (let n = 0; n < 3; n++) await textOf(files.read('guide', recipe, nobody))
  files.expect('guide', recipe, nobody)
  const { entries, bytes, ...counts } = await files.facts(Date.now() + 60_000)
  expect(counts).toEqual({ hits: 3, misses: 1, maxBytes: 2 ** 20 })
  const [name = ''] = await readdir(folder)
  expect(bytes).toBe((await stat(join(folder, name))).size)
  expect(entries).toEqual([{ key: 'guide', bytes, hits: 3, ageSeconds: 60 }])
  const next = new DocumentFiles(folder, 2 ** 20)
  expect((await next.facts(Date.now() + 60_000)).entries).toEqual([{ key: '', bytes, hits: 0, ageSeconds: 60 }])
})

test('too many documents at once are refused instead of queued for ever', async () => {
  const gate = Promise.withResolvers<void>()
  const write = async function* () {
    await gate.promise
    yield 'text'
  }
  const asked = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) => files.read(`guide ${n}`, recipeOf('1', write), nobody)),
  )
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(16)
  for (const one of asked) if (one.status === 'fulfilled') await one.value[Symbol.asyncIterator]().return?.()
  expect(asked.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'UNAVAILABLE' } })
  await vi.waitFor(async () => expect(await readdir(folder)).toHaveLength(3), PATIENCE)
  gate.resolve()
  await vi.waitFor(async () => expect((await readdir(folder)).filter(name => name.endsWith('.gz'))).toHaveLength(16), PATIENCE)
})

test('a folder that cannot be written fails the one who asks, not those who come after', async () => {
  const inTheWay = join(folder, '..', 'file')
  await writeFile(inTheWay, '')
  const blocked = new DocumentFiles(join(inTheWay, 'inner'), 2 ** 20)
  const text = () =>
    recipeOf('1', async function* () {
      yield 'text'
    })
  await expect(textOf(blocked.read('guide', text(), nobody))).rejects.toThrow()
  await rm(inTheWay)
  expect(await textOf(blocked.read('guide', text(), nobody))).toBe('text')
})

test('a file that cannot be opened, but is there, is not written once more', async () => {
  const write = vi.fn(async function* () {
    yield 'text'
  })
  await textOf(files.read('guide', recipeOf('1', write), nobody))
  const [name = ''] = await readdir(folder)
  await rm(join(folder, name))
  await symlink(name, join(folder, name))
  await expect(files.read('guide', recipeOf('1', write), nobody)).rejects.toMatchObject({ code: 'ELOOP' })
  expect(write).toHaveBeenCalledOnce()
  await rm(join(folder, name))
  expect(await textOf(files.read('guide', recipeOf('1', write), nobody))).toBe('text')
})

test('what nobody has asked for is written only where there is room', async () => {
  const small = new DocumentFiles(folder, 100 * 1_024)
  const newest = async (line?: LineRecord) => ({ ...sized(60), key: line === undefined ? 'old guide' : 'new guide' })
  await textOf(small.read('old guide', sized(60), newest))
  await small.follow(() => true, asker)
  expect((await small.facts()).entries.map(({ key }) => key)).toEqual(['old guide'])
  const large = new DocumentFiles(folder, 150 * 1_024)
  await textOf(large.read('old guide', sized(60), newest))
  await large.follow(() => true, asker)
  expect((await large.facts()).entries.map(({ key }) => key).sort()).toEqual(['new guide', 'old guide'])
})
