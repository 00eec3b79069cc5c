import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

// design.md 4: a room imports only faces of lower ranks. Rooms on one line may not import each other.
const ranks = [
  ['kernel'],
  ['platform'],
  ['accounts', 'providers'],
  ['billing', 'profiles'],
  ['catalogue'],
  ['epg'],
  ['playback'],
  ['recordings', 'notifications', 'realtime', 'analytics', 'gateway'],
  ['edge'],
  ['process'],
]
// canChange and Viewer: every room above accounts needs to know who asks, providers among them.
const sameRankAllowed = new Set(['providers>accounts'])
const rankOf = (room: string) => ranks.findIndex(rooms => rooms.includes(room))

function* files(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && entry.name !== 'generated') yield* files(path)
    else if (/\.tsx?$/.test(entry.name)) yield path
  }
}

function importsOf(file: string): string[] {
  const found = readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)
  return [...found].map(([, target = '']) =>
    target.startsWith('.') ? normalize(join(dirname(file), target)) : target.replace(/^@\//, ''),
  )
}

const roomOf = (path: string) => /^lib\/([a-z]+)(?:\/|$)/.exec(path)?.[1] ?? null
const isTest = (file: string) => /\.test(-support)?\.tsx?$/.test(file)

test('rooms import only faces of lower ranks', () => {
  const wrong: string[] = []
  for (const file of files('lib')) {
    if (isTest(file)) continue
    const from = roomOf(file) ?? ''
    for (const target of importsOf(file)) {
      const to = roomOf(target)
      if (!to || to === from || to === 'generated') continue
      const lower = rankOf(to) < rankOf(from) || sameRankAllowed.has(`${from}>${to}`)
      const open = to === 'kernel' || to === 'platform' || target === `lib/${to}` || target === `lib/${to}/schema`
      if (!lower || !open) wrong.push(`${file} imports ${target}`)
    }
  }
  expect(wrong).toEqual([])
})

test('every room has its rank', () => {
  const rooms = readdirSync('lib', { withFileTypes: true }).filter(entry => entry.isDirectory() && entry.name !== 'generated')
  expect(rooms.map(entry => entry.name).filter(room => rankOf(room) < 0)).toEqual([])
})

test('screens reach lib only through kernel and schemas', () => {
  const wrong: string[] = []
  for (const file of files('components')) {
    for (const target of importsOf(file)) {
      if (target.startsWith('lib/') && !/^lib\/kernel\/|^lib\/[a-z]+\/schema$/.test(target))
        wrong.push(`${file} imports ${target}`)
    }
  }
  expect(wrong).toEqual([])
})

test('Prisma is imported by stores only', () => {
  const wrong = [...files('lib'), ...files('app')].filter(
    file =>
      !isTest(file) &&
      !/store\.ts$|platform\/db\.ts$/.test(file) &&
      importsOf(file).some(target => target.includes('generated/prisma')),
  )
  expect(wrong).toEqual([])
})

test('every face begins with server-only', () => {
  const faces = [...files('lib')].filter(file => /^lib\/[a-z]+\/index\.ts$/.test(file))
  expect(faces.filter(file => !readFileSync(file, 'utf8').startsWith("import 'server-only'"))).toEqual([])
})
