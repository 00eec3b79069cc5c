import pg from 'pg'
import { migrationList, noFilter, withEngine } from './schema-engine.mjs'

// Any constant will do; it only has to be the same in every instance.
const MIGRATION_LOCK = 726_003_117
const LOCK_DEADLINE_MS = 60_000

/**
 * Applies what is missing, one instance at a time: many may start at once.
 * @returns {Promise<string[]>} names of the migrations just applied
 */
export async function migrate(databaseUrl) {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    await client.query(`SET lock_timeout = ${LOCK_DEADLINE_MS}`)
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK])
    const input = { migrationsList: migrationList(), filters: noFilter }
    const { appliedMigrationNames } = await withEngine(databaseUrl, engine => engine.applyMigrations(input))
    return appliedMigrationNames
  } finally {
    await client.end()
  }
}

if (import.meta.main) {
  const url = process.env.DATABASE_URL
  if (!url) throw new Error('Set DATABASE_URL to the database that should be migrated.')
  const applied = await migrate(url)
  console.log(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}`)
}
