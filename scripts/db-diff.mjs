// npm run db:diff -- NAME: writes the migration that leads from the newest one on disk to prisma/schema.prisma.
// The engine cannot read PostgreSQL 18 back yet, so each migration keeps the schema it led to beside it.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from './embedded-postgres.mjs'
import { migrationList, migrationsDir, noFilter, schemaFile, withEngine } from './schema-engine.mjs'

const name = process.argv[2]
if (!name || !/^[a-z0-9_]+$/.test(name)) {
  console.error('Give the migration a name of small letters, digits and underscores: npm run db:diff -- add_reminders')
  process.exit(2)
}

const target = path => ({ tag: 'schemaDatamodel', files: [{ path, content: readFileSync(path, 'utf8') }] })
const last = migrationList().migrationDirectories.at(-1)
const from = last ? target(join(migrationsDir, last.path, 'schema.prisma')) : { tag: 'empty' }

const scratch = mkdtempSync(join(tmpdir(), 'db-diff-'))
const database = await startEmbeddedPostgres({ dataDir: scratch })
const input = { from, to: target(schemaFile), script: true, exitCode: null, filters: noFilter }
let script = ''
try {
  const { stdout } = await withEngine(database.url, engine => engine.diff(input))
  script = stdout ?? ''
} finally {
  await database.stop()
  rmSync(scratch, { recursive: true, force: true })
}

const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)
const folder = join(migrationsDir, `${stamp}_${name}`)
mkdirSync(folder)
writeFileSync(join(folder, 'migration.sql'), script)
copyFileSync(schemaFile, join(folder, 'schema.prisma'))
console.log(`Wrote prisma/migrations/${stamp}_${name}/migration.sql: read it before you commit it.`)
