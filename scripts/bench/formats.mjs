import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Plays every film of tests/fakes/provider/film-recipes.ts in Chromium through the real app; prints its table besides. */
export async function measure() {
  const report = join(tmpdir(), `formats-${process.pid}.json`)
  const args = ['playwright', 'test', '--config', 'tests/e2e/playwright.config.ts', 'e2e/formats\\.spec']
  const code = await new Promise(resolve => {
    const child = spawn('npx', args, { stdio: 'inherit', env: { ...process.env, FORMATS: 'all', FORMATS_REPORT: report } })
    child.once('close', resolve)
  })
  const rows = JSON.parse(readFileSync(report, 'utf8'))
  rmSync(report)
  const median = values => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
  const row = (name, value, { unit, goal, ok }) => ({ name, value, unit, reference: '', ratio: null, goal, ok })
  const start = median(rows.map(({ startMs }) => startMs))
  const seek = median(rows.map(({ seekMs }) => seekMs))
  return [
    row('films that play', rows.length, { unit: 'files', goal: '>= 40, all', ok: code === 0 && rows.length >= 40 }),
    row('click to first picture, p50', start, { unit: 'ms', goal: '< 800 ms', ok: start < 800 }),
    row('seek to first picture, p50', seek, { unit: 'ms', goal: '< 800 ms', ok: seek < 800 }),
  ]
}
