// The process that matches and searches: an empty database of its own with 20,000 channels of a provider, a guide that knows them under
// other spellings, and half a million programmes; by the product's own code. Prints one line of JSON. Run with
// --import ./typescript-hooks.mjs.
import { startEmbeddedPostgres } from '../embedded-postgres.mjs'
import { migrate } from '../migrate.mjs'

const CHANNELS = 20_000
const TOLD_CHANNELS = 2_000
const PROGRAMMES = 250
const ROUNDS = 20
/** Titles, one with a slip, one that is everywhere, one that nobody has. */
const terms = ['silent harbour', 'winter garden', 'silnet harbour', 'the', 'lantern 17', 'golden bridge storie', 'zzqx']

const [, , dataDir] = process.argv
const database = await startEmbeddedPostgres({ dataDir })
await migrate(database.url)
Object.assign(process.env, { NODE_ENV: 'production', ROLE: 'worker', HOST: '127.0.0.1', DATA_DIR: dataDir })
Object.assign(process.env, { DATABASE_URL: database.url, LOG_LEVEL: 'error' })
const { requireKeys } = await import('@/lib/platform/secrets')
requireKeys()
const { pool, closeDatabase } = await import('@/lib/platform/db')
const { startBus, stopBus } = await import('@/lib/platform/bus')
const { insertProvider } = await import('@/lib/providers/store')
const { matchGuides, searchProgrammes } = await import('@/lib/epg')
const { refreshTitles } = await import('@/lib/epg/titles')
const { upsertSource } = await import('@/lib/epg/source-store')
await startBus()

const query = async (text, values) => (await pool().query(text, values)).rows
const timed = async work => {
  const began = performance.now()
  await work()
  return performance.now() - began
}

const providerId = await insertProvider({
  ownerId: null,
  kind: 'm3u',
  name: 'bench',
  address: 'http://bench.example',
  refreshHours: 24,
  options: { privateNetworks: [], autoMerge: false, delivery: 'proxy' },
  credentials: { kind: 'm3u', playlistUrl: 'http://bench.example/', guideUrl: null, salt: 'bench' },
  playlistText: null,
  account: null,
})
const sourceId = await upsertSource(providerId)
const places = "ARRAY['North','South','Harbour','Valley','Garden','Castle','Bridge','Forest','River','Summit']"
const themes = "ARRAY['News','Sports','Movies','Kids','Music','Nature','History','Comedy','Drama','Science']"
const name = `(${places})[n % 10 + 1] || ' ' || (${themes})[n / 10 % 10 + 1] || ' Q' || n / 100 || 'x'`
// Of four channels one has the guide's own spelling, two a country and a quality, one a slip.
await query(
  `WITH names AS (SELECT n, ${name} AS name FROM generate_series(0, ${CHANNELS - 1}) n),
   spelt AS (SELECT n, CASE WHEN n % 4 = 0 THEN name WHEN n % 4 = 3 THEN replace(name, 'r', 'rr') ELSE 'UK: ' || name || ' HD' END AS name FROM names),
   made AS (INSERT INTO item (kind, name, sort_name, match_key, number) SELECT 'channel', name, lower(name), lower(name), n FROM spelt RETURNING id, name)
   INSERT INTO source (item_id, provider_id, kind, provider_item_id, name) SELECT id, ${providerId}, 'channel', id::text, name FROM made`,
)
await query(
  `INSERT INTO guide_channel (source_id, xmltv_id, names) SELECT ${sourceId}, 'c' || n, ARRAY[${name}] FROM generate_series(0, ${CHANNELS - 1}) n`,
)
const first = "ARRAY['Silent','Winter','Golden','Hidden','Broken','Distant','Quiet','Burning','Paper','Velvet']"
const second = "ARRAY['Harbour','Garden','Bridge','Lantern','Mountain','Letter','River','Orchard','Station','Island']"
await query(
  `INSERT INTO programme (channel_id, start, stop, title)
   SELECT c.id, t, t + interval '30 minutes',
     'The ' || (${first})[(c.id * 7 + k) % 10 + 1] || ' ' || (${second})[(c.id * 3 + k / 10) % 10 + 1] || ' Stories ' || (c.id + k) % 200
   FROM (SELECT id FROM guide_channel ORDER BY id LIMIT ${TOLD_CHANNELS}) c, generate_series(0, ${PROGRAMMES - 1}) k,
     LATERAL (SELECT date_trunc('hour', now()) - interval '1 day' + k * interval '30 minutes' AS t) x`,
)
await query('ANALYZE')

const joinMs = await timed(() =>
  query(
    `SELECT i.id, c.id FROM item i JOIN guide_channel c ON lower(c.names[1]) = lower(i.name) WHERE i.kind = 'channel' AND c.source_id = ${sourceId}`,
  ),
)
const matchMs = await timed(() => matchGuides([null]))
const [{ matched }] = await query('SELECT count(*)::int AS matched FROM guide_match WHERE channel_id IS NOT NULL')
await refreshTitles(sourceId)
await query('ANALYZE')

const [{ id: accountId }] = await query(`INSERT INTO account (email, name) VALUES ('bench@example.com', 'Bench') RETURNING id`)
const [{ id: profileId }] = await query(`INSERT INTO profile (account_id, name) VALUES ($1, 'Bench') RETURNING id`, [accountId])
const viewer = { accountId, profileId, sessionId: '', role: 'viewer' }
const searches = []
const scans = []
const scan = term =>
  query(`SELECT title, start FROM programme WHERE title ILIKE $1 AND stop > now() ORDER BY start LIMIT 60`, [`%${term}%`])
for (const term of terms) await searchProgrammes(viewer, term)
for (let round = 0; round < ROUNDS; round++) {
  for (const term of terms) {
    searches.push(await timed(() => searchProgrammes(viewer, term)))
    if (round < 3) scans.push(await timed(() => scan(term)))
  }
}
const slip = await searchProgrammes(viewer, 'silnet harbour')
const found = slip.onNow.length + slip.comingUp.length
process.stdout.write(JSON.stringify({ channels: CHANNELS, joinMs, matchMs, matched, searches, scans, found }))
await stopBus()
await closeDatabase()
await database.stop()
process.exit(0)
