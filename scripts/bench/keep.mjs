// Keeps the latest result of each bench in docs/benches.md, one section a bench, in the order of their names.
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { root } from '../steps.mjs'

const file = join(root, 'docs/benches.md')
const head = `# Benches

Written by \`npm run bench -- NAME --write\`: what was measured last, each against a reference of the same run.
`

/** A figure as the tables print it. */
export const figure = value => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))

const cell = text => String(text).replaceAll('|', '/')

function section({ name, command, rows }) {
  const lines = rows.map(row => {
    const ratio = row.ratio === null ? '' : figure(row.ratio)
    const result = row.ok === null ? '' : row.ok ? 'reached' : 'missed'
    const cells = [row.name, `${figure(row.value)} ${row.unit}`, row.reference, ratio, row.goal, result]
    return `| ${cells.map(cell).join(' | ')} |\n`
  })
  const day = new Date().toISOString().slice(0, 10)
  return `## ${name}

${day}, ${cpus().length} cores: \`${command}\`

| What | Value | Reference | Ratio | Goal | Result |
| --- | --- | --- | --- | --- | --- |
${lines.join('')}`
}

/** Puts results of benches in the place of those that were kept before. */
export function keepResults(results) {
  const kept = new Map(readSections().map(text => [text.slice(3, text.indexOf('\n')), text]))
  for (const result of results) kept.set(result.name, section(result))
  const sections = [...kept].toSorted(([a], [b]) => a.localeCompare(b)).map(([, text]) => text.trimEnd())
  writeFileSync(file, `${[head.trimEnd(), ...sections].join('\n\n')}\n`)
}

function readSections() {
  try {
    return readFileSync(file, 'utf8')
      .split(/^(?=## )/m)
      .slice(1)
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
}
