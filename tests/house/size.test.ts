import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const MAX_SOURCE_LINES = 300
const MAX_TEST_LINES = 400

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter(Boolean)
const sources = tracked.filter(file => /\.(ts|tsx|mjs|css)$/.test(file) && !file.startsWith('lib/generated/'))

test('no file grows over its limit: a second idea is hiding in it', () => {
  const long = sources
    .map(file => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }))
    .filter(({ file, lines }) => lines > (/\.test\.tsx?$|^tests\//.test(file) ? MAX_TEST_LINES : MAX_SOURCE_LINES))
  expect(long).toEqual([])
})

test('no junk drawers', () => {
  expect(sources.filter(file => /(^|\/)(utils?|helpers?|common|misc|managers?)(\/|\.)/i.test(file))).toEqual([])
})

test('settings are read in one place', () => {
  const readers = sources.filter(
    file =>
      /^(lib|app|components)\//.test(file) && !/\.test\.ts$/.test(file) && /process\.env\b/.test(readFileSync(file, 'utf8')),
  )
  expect(readers).toEqual(['lib/platform/env.ts'])
})
