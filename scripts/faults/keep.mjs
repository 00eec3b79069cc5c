import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const place = fileURLToPath(new URL('../../docs/faults.md', import.meta.url))
const head = `# Faults

Written by \`npm run faults -- --write\`: each fault is done to the real process, and what it promises is measured. A run of some of them
leaves the lines of the others as they were.

| Fault | Promise | Measured | Result | On |
| --- | --- | --- | --- | --- |
`
/** A line break or a bar would end the cell; addresses and folders are those of one machine. */
const cell = text =>
  String(text)
    .replace(/\s+/g, ' ')
    .replace(/\b(https?:\/\/)?(127\.0\.0\.1|localhost)(:\d+)?/g, 'here')
    .replace(/(?<![\w.])\/(tmp|home|root|work|usr|var)\/\S+/g, '…')
    .replaceAll('|', '\\|')
    .trim()

/** The lines that stand in the table, by their fault. */
const readLines = text =>
  new Map(text.split('\n').flatMap(line => (/^\| [A-Z][A-Z0-9]+ \|/.test(line) ? [[line.split(' ')[1], line]] : [])))

/** The table with these results in place of older ones, by the number of the fault. */
export function printFaults(rows, before, day) {
  const lines = readLines(before)
  for (const { id, promise, measured, ok } of rows) {
    lines.set(id, `| ${[id, promise, measured, ok ? 'held' : 'broken', day].map(cell).join(' | ')} |`)
  }
  const order = new Intl.Collator('en', { numeric: true })
  return `${head}${[...lines.keys()]
    .sort(order.compare)
    .map(id => lines.get(id))
    .join('\n')}\n`
}

export function keepFaults(rows) {
  const before = existsSync(place) ? readFileSync(place, 'utf8') : ''
  writeFileSync(place, printFaults(rows, before, new Date().toISOString().slice(0, 10)))
}
