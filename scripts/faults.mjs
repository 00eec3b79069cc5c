// npm run faults [-- ID… --write]: the faults of reliability.md C, the reminders of C24 (by mail: C24M) and random requests (RAND), against the real process.
// Prints one line each; --write keeps the lines of those that ran in docs/faults.md. What takes ten minutes (C3G) runs when named.
import { keepFaults } from './faults/keep.mjs'
import { endWith, ensureBuild, ensureClient, ensurePackages, ensureProgram } from './steps.mjs'

const groups = [
  'upstream',
  'deadlines',
  'panel',
  'limits',
  'leases',
  'viewers',
  'vanish',
  'stops',
  'rolling',
  'kill',
  'page',
  'reminders',
  'random',
]
const words = process.argv.slice(2)
const keeps = words.includes('--write')
const asked = words.filter(word => word !== '--write').map(word => word.toUpperCase())
const cell = (text, width) => String(text).padEnd(width)

try {
  await ensurePackages()
  await ensureClient()
  await ensureProgram('ffmpeg', 'ffmpeg')
  await ensureBuild()
  const faults = Object.assign(
    {},
    ...(await Promise.all(groups.map(name => import(`./faults/${name}.mjs`)))).map(group => group.faults),
  )
  const unknown = asked.find(id => !Object.hasOwn(faults, id))
  if (unknown) endWith(`There is no fault called ${unknown}. Known: ${Object.keys(faults).join(', ')}`)
  const { startFaultWorld } = await import('./faults/fault-world.mjs')
  const world = await startFaultWorld()
  let broken = 0
  const rows = []
  try {
    const ids = Object.keys(faults).filter(id => (asked.length === 0 ? !faults[id].onlyNamed : asked.includes(id)))
    for (const id of ids) {
      const { promise, inject } = faults[id]
      const { measured, ok } = await inject(world).catch(error => ({
        measured: `could not be measured: ${error.message}`,
        ok: false,
      }))
      await world.calm()
      if (!ok) broken++
      rows.push({ id, promise, measured, ok })
      process.stdout.write(`FAULT ${cell(id, 4)} ${cell(promise, 66)} ${cell(measured, 90)} ${ok ? 'held' : 'BROKEN'}\n`)
    }
  } finally {
    await world.end()
  }
  if (keeps) keepFaults(rows)
  process.stdout.write(broken === 0 ? '\nall promises held\n' : `\n${broken} promises broken\n`)
  process.exit(broken === 0 ? 0 : 1)
} catch (error) {
  endWith(error)
}
