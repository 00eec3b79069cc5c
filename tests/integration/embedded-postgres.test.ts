import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEmbeddedPostgres } from '../../scripts/embedded-postgres.mjs'
import { migrate } from '../../scripts/migrate.mjs'

let dataDir: string

beforeAll(() => {
  // Private to its owner, like a home directory: the database's user may not enter on its own.
  dataDir = mkdtempSync(join(tmpdir(), 'watchtheflix-pg-'))
})

afterAll(async () => {
  const { stop } = await startEmbeddedPostgres({ dataDir })
  await stop()
  rmSync(dataDir, { recursive: true, force: true })
})

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

/** An app that starts the database, writes a row, says so and then waits to be killed. */
function startVictim(): Promise<{ pid: number; kill(): Promise<void> }> {
  const script = `
    import pg from 'pg'
    import { startEmbeddedPostgres } from './scripts/embedded-postgres.mjs'
    const { url } = await startEmbeddedPostgres({ dataDir: process.argv[1] })
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query('CREATE TABLE IF NOT EXISTS kept (n int)')
    await client.query('INSERT INTO kept VALUES (1)')
    console.log('written')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((done, fail) => {
    child.once('exit', code => fail(new Error(`the victim ended early with ${code}`)))
    child.stdout.once('data', () => {
      const kill = () =>
        new Promise<void>(ended => {
          child.removeAllListeners('exit')
          child.once('exit', () => ended())
          child.kill('SIGKILL')
        })
      done({ pid: child.pid ?? 0, kill })
    })
  })
}

test('after kill -9 of the app the next start takes the database over, and nothing is lost', async () => {
  const victim = await startVictim()
  await victim.kill()
  const next = await startEmbeddedPostgres({ dataDir })
  expect(next.adopted).toBe(true)
  expect(await query(next.url, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 1 }])
  await next.stop()
})

test('after kill -9 of app and database the next start recovers', async () => {
  const victim = await startVictim()
  const pid = Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
  process.kill(pid, 'SIGKILL')
  await victim.kill()
  const next = await startEmbeddedPostgres({ dataDir })
  expect(next.adopted).toBe(false)
  expect(await query(next.url, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 2 }])
  await next.stop()
})

test('a pid file that names a living stranger is refused with a sentence', async () => {
  const file = join(dataDir, 'postgres', 'postmaster.pid')
  writeFileSync(file, `${process.pid}\n${dataDir}\n0\n1\n`)
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(/another program.*delete that file/s)
  rmSync(file)
})

test('an initialisation that was cut off is done again', async () => {
  const other = mkdtempSync(join(tmpdir(), 'watchtheflix-pg-'))
  mkdirSync(join(other, 'postgres.new'))
  writeFileSync(join(other, 'postgres.new', 'half'), '')
  const started = await startEmbeddedPostgres({ dataDir: other })
  expect(await query(started.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  await started.stop()
  rmSync(other, { recursive: true, force: true })
})

test('the password file is for its owner only', async () => {
  expect(statSync(join(dataDir, 'postgres.password')).mode & 0o777).toBe(0o600)
})

test('many instances may migrate at once', async () => {
  const { url, stop } = await startEmbeddedPostgres({ dataDir, database: 'many' })
  const applied = await Promise.all([migrate(url), migrate(url), migrate(url), migrate(url)])
  expect(applied.filter(names => names.length > 0)).toHaveLength(1)
  expect(await query(url, 'SELECT count(*)::int AS n FROM account')).toEqual([{ n: 0 }])
  await stop()
})
