// A guide of 112 MB and 200,000 programmes into the database, against xmllint merely reading the same file.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureProgram, root } from '../steps.mjs'
import { workerFlags } from '../worker-flags.mjs'
import { writeGuide } from './guide-document.mjs'

const PROGRAMMES = 200_000
/** The same of 500 MB, for its memory. */
const MANY_PROGRAMMES = 900_000
const ROUNDS = 3

export async function measure() {
  await ensureProgram('xmllint', 'libxml2-utils')
  const folder = mkdtempSync(join(tmpdir(), 'watchtheflix-guide-'))
  try {
    const file = join(folder, 'guide.xml')
    writeGuide(file, PROGRAMMES)
    const megabytes = statSync(file).size / 1e6
    // In turns, so that whatever else the machine does meets both.
    const references = []
    const runs = []
    for (let round = 0; round < ROUNDS; round++) {
      references.push(xmllintSeconds(file))
      runs.push(await importOnce(file, PROGRAMMES, 2))
    }
    const reference = median(references)
    writeGuide(file, MANY_PROGRAMMES)
    const large = await importOnce(file, MANY_PROGRAMMES, 1)
    const first = median(runs.map(({ seconds }) => seconds[0]))
    const again = median(runs.map(({ seconds }) => seconds[1]))
    const peakMb = Math.max(...runs.map(run => run.peakMb))
    const against = { reference: `xmllint: ${reference.toFixed(2)} s`, goal: '>= 0.25 x xmllint' }
    const size = `${megabytes.toFixed(0)} MB, ${PROGRAMMES / 1_000}k programmes`
    const largeMb = statSync(file).size / 1e6
    return [
      row(`guide import (${size})`, first, 's', { ...against, ratio: reference / first, ok: reference / first >= 0.25 }),
      row('guide import of the same once more', again, 's', {
        ...against,
        ratio: reference / again,
        ok: reference / again >= 0.25,
      }),
      row('guide import: peak memory', peakMb, 'MB', { goal: '< 350 MB', ok: peakMb < 350 }),
      row('guide import: event loop p99', Math.max(...runs.map(run => run.lagP99)), 'ms', { goal: '', ok: null }),
      row(`guide import of ${largeMb.toFixed(0)} MB`, large.seconds[0], 's', { goal: '', ok: null }),
      row(`guide import of ${largeMb.toFixed(0)} MB: peak memory`, large.peakMb, 'MB', {
        goal: '< 350 MB',
        ok: large.peakMb < 350,
      }),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const row = (name, value, unit, { reference = '', ratio = null, goal, ok }) => ({ name, value, unit, reference, ratio, goal, ok })
const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

function xmllintSeconds(file) {
  const began = performance.now()
  execFileSync('xmllint', ['--stream', '--noout', file])
  return (performance.now() - began) / 1_000
}

/** Imports in a process of its own; the file comes over HTTP from this one, as from a provider. */
async function importOnce(file, programmes, times) {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/xml' })
    createReadStream(file, { highWaterMark: 262_144 }).pipe(response)
  })
  await new Promise(done => server.listen(0, '127.0.0.1', done))
  const dataDir = mkdtempSync(join(tmpdir(), 'watchtheflix-guide-data-'))
  spawnSync('chmod', ['755', dataDir])
  try {
    const url = `http://127.0.0.1:${server.address().port}/guide.xml`
    const args = [
      ...workerFlags,
      '--import',
      './scripts/bench/typescript-hooks.mjs',
      'scripts/bench/guide-import.mjs',
      dataDir,
      url,
      String(times),
    ]
    const result = JSON.parse(await output(args))
    if (result.errorCode !== null || result.stored !== programmes)
      throw new Error(`The guide is not what was asked: ${JSON.stringify(result)}`)
    return result
  } finally {
    server.close()
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
    child.once('exit', code => (code === 0 ? done(text) : fail(new Error(`the import ended with code ${code}`))))
  })
}
