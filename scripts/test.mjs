// npm test: installs what tests need, then lint, types, unit, integration, build and browser tests.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  endWith,
  ensureBuild,
  ensureClient,
  ensurePackages,
  ensureProgram,
  MissingPiece,
  pinnedNode,
  root,
  run,
  step,
} from './steps.mjs'

const node =
  (script, ...args) =>
  () =>
    run(pinnedNode, [script, ...args])
const only = process.argv.slice(2)

const playwright = ['node_modules/@playwright/test/cli.js', 'test', '--config', 'tests/e2e/playwright.config.ts']

async function runExtra(name) {
  process.env.E2E_EXTRA = name
  await ensureBuild()
  await run(pinnedNode, [...playwright, name])
}

/** What did not pass, and what passed only at the second try: said once more at the end, where it is not far above. */
const notes = []
const noted = join(root, 'tests', 'output', 'what-failed.txt')

const vitest = project => async () => {
  rmSync(noted, { force: true })
  try {
    await run(pinnedNode, ['node_modules/vitest/vitest.mjs', 'run', '--project', project])
  } finally {
    if (existsSync(noted)) notes.push(readFileSync(noted, 'utf8'))
  }
}

/** Both, whatever becomes of the first; each empties its own folder. */
async function runBrowser() {
  await ensureBuild()
  const projects = [
    ['--project', 'side by side', '--output', 'tests/output/side-by-side'],
    ['--project', 'alone', '--output', 'tests/output/alone'],
  ]
  const errors = []
  for (const project of projects) await run(pinnedNode, [...playwright, ...project]).catch(error => errors.push(error))
  if (errors.length > 0) throw errors[0]
}

const suites = [
  ['lint', 'Lint', node('node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.')],
  [
    'types',
    'Types',
    async () => {
      await run(pinnedNode, ['node_modules/next/dist/bin/next', 'typegen'])
      await run(pinnedNode, ['node_modules/typescript/bin/tsc', '--noEmit'])
      await run(pinnedNode, ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'components/offline/worker'])
    },
  ],
  ['unit', 'Unit tests', vitest('unit')],
  ['integration', 'Integration tests', vitest('integration')],
  ['browser', 'Browser tests', runBrowser],
  ['development', 'Development server', () => runExtra('development')],
  ['recording', 'Recording of the player', () => runExtra('recording')],
]
/** Only when asked for by name: the one compiles for a minute what everybody who changes something sees at once, the other is to be looked at. */
const extra = ['development', 'recording']

try {
  await ensurePackages()
  await ensureClient()
  await ensureProgram('ffmpeg', 'ffmpeg')
  await ensureProgram('chromium', 'chromium')
} catch (error) {
  endWith(error instanceof MissingPiece ? error : new Error(`The tests could not be prepared: ${error.message}`))
}

const began = Date.now()
const failed = []
let passed = 0
for (const [name, title, work] of suites) {
  if (only.length > 0 ? !only.includes(name) : extra.includes(name)) continue
  try {
    await step(title, work)
    passed += 1
  } catch (error) {
    failed.push(title)
    process.stderr.write(`✗ ${title}: ${error.message}\n`)
  }
}
process.stdout.write(
  notes
    .filter(Boolean)
    .map(text => `\n${text}\n`)
    .join(''),
)
if (failed.length > 0) process.stdout.write(`\nNot passed: ${failed.join(', ')}\n`)
process.stdout.write(
  `\nsuites took ${Math.round((Date.now() - began) / 1000)} s\nsuites: ${passed} passed, ${failed.length} failed\n`,
)
process.exit(failed.length > 0 ? 1 : 0)
