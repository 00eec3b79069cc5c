// npm run rotate-keys: adds a new key; a running server then seals every stored credential with it, without a break.
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres } from './embedded-postgres.mjs'

if (existsSync('.env')) process.loadEnvFile('.env')
const dataDir = process.env.DATA_DIR ?? './data'
const file = join(dataDir, 'secret.keys')
if (process.env.SECRET_KEYS || !existsSync(file)) {
  console.error(
    process.env.SECRET_KEYS
      ? 'The keys are in SECRET_KEYS: put a new one in front of the old ones there and start again.'
      : `There is no key file ${file} yet. Start the server once.`,
  )
  process.exit(2)
}
const id = `k${Date.now().toString(36)}`
const side = `${file}.new`
writeFileSync(side, `${id}:${randomBytes(32).toString('base64')}\n${readFileSync(file, 'utf8')}`, { mode: 0o600 })
renameSync(side, file)

const embedded = process.env.DATABASE_URL ? null : await startEmbeddedPostgres({ dataDir })
const client = new pg.Client({ connectionString: process.env.DATABASE_URL || embedded.url })
await client.connect()
await client.query(`SELECT pg_notify('watchtheflix', '{"name":"keys.changed","data":{}}')`)
await client.end()
if (embedded && !embedded.adopted) await embedded.stop()
console.log(
  `Key ${id} is in use from now on. Stored credentials are sealed with it in the background, at the latest at the next start.`,
)
console.log('Keep a copy of the key file. Older keys stay in it until you remove them.')
