import { spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../steps.mjs'
import { percentile } from './world.mjs'

const HEAD = `# Formats

Written by \`npm run bench -- formats\`: real files made by FFmpeg, each played in Chromium through the whole product, all codecs by software.
Start is from the click on Play to the first picture, seek from the jump to the first picture there; the seek error is where that picture
lies beside the place. Track and text are what was heard and read after choosing the second language and the subtitles in the player.
`
const columns = [
  ['File', 'name'],
  ['Container', 'container'],
  ['Video', 'video'],
  ['Audio', 'audio'],
  ['Subtitles', 'subtitles'],
  ['Decision', 'decision'],
  ['Start ms', 'startMs'],
  ['Seek ms', 'seekMs'],
  ['Seek error s', 'seekError'],
  ['Sound', 'sound'],
  ['Track', 'track'],
  ['Text', 'text'],
  ['Result', 'result'],
]

/** The page of documentation; without a date, so that it changes only when what it says does. */
export function printFormats(rows) {
  const at = key => percentile(numbers(rows, key), 0.5)
  const good = rows.filter(({ result }) => result === 'plays' || result === 'says why not').length
  const whole = `${good} of ${rows.length} files as they should; start p50 ${at('startMs')} ms, seek p50 ${at('seekMs')} ms.`
  return `${HEAD}\n${whole}\n\n${printTable(rows)}\n`
}

function printTable(rows) {
  const line = cells => `| ${cells.join(' | ')} |`
  const head = [line(columns.map(([title]) => title)), line(columns.map(() => '---'))]
  return [...head, ...rows.map(row => line(columns.map(([, key]) => row[key] ?? '')))].join('\n')
}

/** Plays every film of tests/fakes/provider/film-recipes.ts in Chromium through the real app; writes the table to docs/formats.md. */
export async function measure() {
  const report = join(tmpdir(), `formats-${process.pid}.json`)
  const args = ['playwright', 'test', '--config', 'tests/e2e/playwright.config.ts', 'e2e/formats\\.spec']
  const code = await new Promise(resolve => {
    const env = { FORMATS: 'all', ...process.env, FORMATS_REPORT: report }
    spawn('npx', args, { cwd: root, stdio: 'inherit', env }).once('close', resolve)
  })
  const rows = JSON.parse(readFileSync(report, 'utf8'))
  rmSync(report)
  const start = percentile(numbers(rows, 'startMs'), 0.5)
  const seek = percentile(numbers(rows, 'seekMs'), 0.5)
  if (process.env.FORMATS === undefined) writeFileSync(join(root, 'docs', 'formats.md'), printFormats(rows))
  const row = (name, value, { unit, goal, ok }) => ({ name, value, unit, reference: '', ratio: null, goal, ok })
  return [
    row('films that play or say why not', rows.length, {
      unit: 'files',
      goal: '>= 40, all',
      ok: code === 0 && rows.length >= 40,
    }),
    row('click to first picture, p50', start, { unit: 'ms', goal: '< 800 ms', ok: start < 800 }),
    row('seek to first picture, p50', seek, { unit: 'ms', goal: '< 800 ms', ok: seek < 800 }),
  ]
}

const numbers = (rows, key) => rows.map(row => row[key]).filter(value => value !== null)
