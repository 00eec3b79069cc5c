// The process that imports: an empty database of its own, one provider whose guide is at process.argv[3], read twice by
// the product's own code. Prints one line of JSON. Run with --import ./typescript-hooks.mjs.
import { rmSync } from 'node:fs'
import { startEmbeddedPostgres } from '../embedded-postgres.mjs'
import { migrate } from '../migrate.mjs'

const [, , dataDir, guideUrl, times] = process.argv
const database = await startEmbeddedPostgres({ dataDir })
await migrate(database.url)
Object.assign(process.env, {
  NODE_ENV: 'production',
  ROLE: 'worker',
  HOST: '127.0.0.1',
  DATA_DIR: dataDir,
  DATABASE_URL: database.url,
  LOG_LEVEL: 'error',
  LOOPBACK_UPSTREAMS: new URL(guideUrl).host,
})
const { configureSafeFetch } = await import('@/lib/platform/fetch')
configureSafeFetch({ ownHosts: [], loopbackAllowed: [new URL(guideUrl).host] })
const { requireKeys } = await import('@/lib/platform/secrets')
requireKeys()
const { pool, closeDatabase } = await import('@/lib/platform/db')
const { insertProvider } = await import('@/lib/providers/store')
const { importGuide } = await import('@/lib/epg')
const { markQueued, upsertSource } = await import('@/lib/epg/source-store')

const providerId = await insertProvider({
  ownerId: null,
  kind: 'm3u',
  name: 'bench',
  address: guideUrl,
  refreshHours: 24,
  options: { privateNetworks: [], autoMerge: false, delivery: 'proxy' },
  credentials: { kind: 'm3u', playlistUrl: guideUrl, guideUrl, salt: 'bench' },
  playlistText: null,
  account: null,
})
const sourceId = await upsertSource(providerId)
let peakMb = 0
const sample = () => {
  peakMb = Math.max(peakMb, process.memoryUsage.rss() / 1_048_576)
}
const sampler = setInterval(sample, 20)
const seconds = []
const lags = []
let last = performance.now()
const lag = setInterval(() => {
  lags.push(performance.now() - last - 10)
  last = performance.now()
}, 10)
for (let round = 0; round < Number(times); round++) {
  await markQueued(sourceId)
  const began = performance.now()
  await importGuide(sourceId)
  seconds.push((performance.now() - began) / 1_000)
}
sample()
clearInterval(sampler)
clearInterval(lag)
const { rows } = await pool().query(
  'SELECT error_code AS "errorCode", progress, (SELECT count(*)::int FROM programme) AS stored FROM guide_source WHERE id = $1',
  [sourceId],
)
lags.sort((a, b) => a - b)
const lagP99 = lags[Math.floor(lags.length * 0.99)] ?? 0
console.log(JSON.stringify({ seconds, peakMb, lagP99, ...rows[0] }))
await closeDatabase()
await database.stop()
rmSync(dataDir, { recursive: true, force: true })
process.exit(0)
