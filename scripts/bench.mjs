// npm run bench [-- NAME… --json FILE --write --viewers N --minutes N]: what the product does on this machine, as ratios against a reference of the same run.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { figure, keepResults } from './bench/keep.mjs'
import { endWith, ensureBuild, ensureClient, ensurePackages, ensureProgram } from './steps.mjs'

const suites = [
  'gateway',
  'import',
  'guide',
  'grid',
  'search',
  'lists',
  'pages',
  'relay',
  'viewers',
  'zap',
  'convert',
  'formats',
  'vod',
]
/** Only when asked for by name: it takes hours. */
const long = ['memory']
const { values, positionals: asked } = parseArgs({
  options: {
    json: { type: 'string', default: 'bench.json' },
    /** Keep the results in docs/benches.md. */
    write: { type: 'boolean' },
    viewers: { type: 'string' },
    minutes: { type: 'string' },
  },
  allowPositionals: true,
})
const options = {}
for (const name of ['viewers', 'minutes']) if (values[name] !== undefined) options[name] = Number(values[name])
const known = [...suites, ...long]
const unknown = asked.find(name => !known.includes(name))
if (unknown) endWith(`There is no benchmark called ${unknown}. Known: ${known.join(', ')}`)

const cell = (text, width) => String(text).padEnd(width)
const commandOf = name =>
  ['npm run bench --', name, ...Object.entries(options).map(([key, value]) => `--${key} ${value}`)].join(' ')

try {
  await ensurePackages()
  await ensureClient()
  await ensureProgram('ffmpeg', 'ffmpeg')
  await ensureProgram('chromium', 'chromium')
  await ensureBuild()
  const results = []
  for (const name of asked.length > 0 ? asked : suites) {
    process.stdout.write(`\n▸ ${name}\n`)
    const { measure } = await import(`./bench/${name}.mjs`)
    results.push({ name, command: commandOf(name), rows: await measure(options) })
  }
  const rows = results.flatMap(result => result.rows)
  process.stdout.write(
    `\n${cell('name', 44)}${cell('value', 14)}${cell('reference', 34)}${cell('ratio', 9)}${cell('goal', 22)}\n`,
  )
  for (const row of rows) {
    const ratio = row.ratio === null ? '' : figure(row.ratio)
    const mark = row.ok === null ? '' : row.ok ? '✓' : '✗'
    process.stdout.write(
      `${cell(row.name, 44)}${cell(`${figure(row.value)} ${row.unit}`, 14)}${cell(row.reference, 34)}${cell(ratio, 9)}${cell(row.goal, 22)}${mark}\n`,
    )
  }
  writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`)
  process.stdout.write(`\nwritten to ${values.json}\n`)
  if (values.write) {
    keepResults(results)
    process.stdout.write('kept in docs/benches.md\n')
  }
  process.exit(0)
} catch (error) {
  endWith(error)
}
