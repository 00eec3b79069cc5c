// What conversions of a channel cost: seconds of picture for each second of one core, with the product's own plans.
import { spawn } from 'node:child_process'
import { root } from '../steps.mjs'

/** An hour of these must fit into an hour of one core; several qualities of 1080 lines take more than one. */
const goals = {
  'sound of 1080p as AAC': 20,
  '576i to whole frames': 1,
  '720p of HEVC as H.264': 1,
  '1080p as H.264': null,
  '1080p in five qualities': null,
}

export async function measure() {
  const script = ['--import', './scripts/bench/typescript-hooks.mjs', 'scripts/bench/convert-run.mjs']
  const child = spawn(process.execPath, script, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', chunk => {
    text += chunk
  })
  const code = await new Promise(done => child.once('close', done))
  if (code !== 0) throw new Error('the conversions could not be measured')
  return JSON.parse(text.slice(text.indexOf('['))).map(({ name, factor, pixels, estimate }) => ({
    name,
    value: factor,
    unit: '× real time',
    reference: pixels === null ? '' : `${(pixels / 1e6).toFixed(0)} million pixels a core second`,
    ratio: estimate,
    goal: goals[name] === null ? '' : `> ${goals[name]}`,
    ok: goals[name] === null ? null : factor > goals[name],
  }))
}
