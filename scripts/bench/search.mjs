// Search over the large catalogue: exact, prefix, misspelt and without accents. Search over programmes, and the matching that leads
// channels to their guide.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../steps.mjs'
import { workerFlags } from '../worker-flags.mjs'
import { call, importSource, percentile, startWorld } from './world.mjs'

const TERMS = [
  'harbour',
  'lighthuose',
  'quiet bridg',
  'news',
  'der letzte',
  'sport hd',
  'midnigth',
  'the',
  'river 2019',
  'a',
  'zzqx',
  'ocean winter',
]
const ROUNDS = 25

export async function measure() {
  return [...(await measureTitles()), ...(await measureGuide())]
}

/** In a process of its own on a database of its own. */
async function measureGuide() {
  const dataDir = mkdtempSync(join(tmpdir(), 'watchtheflix-search-'))
  spawnSync('chmod', ['755', dataDir])
  try {
    const hooks = ['--import', './scripts/bench/typescript-hooks.mjs']
    const args = [...workerFlags, ...hooks, 'scripts/bench/guide-search.mjs', dataDir]
    const { channels, joinMs, matchMs, matched, searches, scans, found } = JSON.parse(await output(args))
    if (found === 0) throw new Error('A programme was not found by a mistyped name.')
    const [p99, scan] = [percentile(searches, 0.99), percentile(scans, 0.5)]
    return [
      {
        name: 'search 500k programmes: p99',
        value: p99,
        unit: 'ms',
        reference: `ILIKE over all: ${scan.toFixed(0)} ms`,
        ratio: scan / p99,
        goal: '< 50 ms',
        ok: p99 < 50,
      },
      {
        name: `matching ${channels / 1_000}k channels, ${((matched / channels) * 100).toFixed(1)} % found`,
        value: matchMs / 1_000,
        unit: 's',
        reference: `join by equal names: ${joinMs.toFixed(0)} ms`,
        ratio: joinMs / matchMs,
        goal: '< 10 s, > 95 % found',
        ok: matchMs < 10_000 && matched > channels * 0.95,
      },
    ]
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

function output(args) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', chunk => {
      text += chunk
    })
    child.once('error', fail)
    child.once('exit', code => (code === 0 ? done(text) : fail(new Error(`the search ended with code ${code}`))))
  })
}

async function measureTitles() {
  const world = await startWorld()
  try {
    await importSource(world.cookie, 'huge')
    const time = async path => {
      const began = performance.now()
      await call('GET', path, { cookie: world.cookie })
      return performance.now() - began
    }
    for (const term of TERMS) await time(`/api/search?q=${encodeURIComponent(term)}`)
    const searches = []
    const floor = []
    for (let round = 0; round < ROUNDS; round++) {
      for (const term of TERMS) {
        searches.push(await time(`/api/search?q=${encodeURIComponent(term)}`))
        floor.push(await time('/api/me'))
      }
    }
    const p99 = percentile(searches, 0.99)
    const reference = percentile(floor, 0.99)
    return [
      {
        name: 'search 190k titles: p99',
        value: p99,
        unit: 'ms',
        reference: `signed-in call: ${reference.toFixed(1)} ms`,
        ratio: reference / p99,
        goal: '< 50 ms',
        ok: p99 < 50,
      },
      {
        name: 'search 190k titles: p50',
        value: percentile(searches, 0.5),
        unit: 'ms',
        reference: '',
        ratio: null,
        goal: '',
        ok: null,
      },
    ]
  } finally {
    await world.end()
  }
}
