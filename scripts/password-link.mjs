// npm run password-link -- ADDRESS: a link with which this account can choose a new password, for servers without mail.
import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import pg from 'pg'
import { startEmbeddedPostgres } from './embedded-postgres.mjs'

if (existsSync('.env')) process.loadEnvFile('.env')
const email = process.argv[2]?.trim().toLowerCase()
if (!email) {
  console.error('Whose password? npm run password-link -- name@example.com')
  process.exit(2)
}
const embedded = process.env.DATABASE_URL ? null : await startEmbeddedPostgres({ dataDir: process.env.DATA_DIR ?? './data' })
const client = new pg.Client({ connectionString: process.env.DATABASE_URL || embedded.url })
await client.connect()
const token = randomBytes(24).toString('base64url')
const { rowCount } = await client.query(
  `INSERT INTO password_reset (token_hash, account_id, expires_at)
   SELECT $1, id, now() + interval '1 hour' FROM account WHERE email = $2`,
  [createHash('sha256').update(token).digest(), email],
)
await client.end()
if (embedded && !embedded.adopted) await embedded.stop()
const address = process.env.PUBLIC_URL ?? 'http://localhost:3000'
console.log(rowCount === 1 ? `Good for one hour: ${address}/reset#${token}` : `There is no account with the address ${email}.`)
