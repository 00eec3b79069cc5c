import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import type { Role, Viewer } from '@/lib/accounts/schema'
import type { Provider } from '../fakes/provider/index.ts'

export interface World {
  databaseUrl: string
  /** Address of the scripted provider; the user name selects the scenario, the password is `pass`. */
  providerUrl: string
  provider: Provider
  /** An account with one profile and one session. */
  makeViewer(overrides?: { role?: Role; name?: string }): Promise<Viewer>
  /** A further profile of the same account. */
  makeProfile(viewer: Viewer, name?: string): Promise<Viewer>
  /** Tells the scripted provider what to do; see tests/fakes/provider/control.ts. */
  control(orders: Record<string, unknown>): Promise<void>
  end(): Promise<void>
}

export interface WorldOptions {
  /** Folder with prepared media; only needed by tests that play streams. */
  mediaDir?: string
  env?: Record<string, string>
}

/**
 * A world of its own for one test file: a database copied from the migrated one, the scripted provider, and the settings.
 * Call it in `beforeAll`, and import rooms dynamically or use them only after it: settings are read once.
 */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const databaseUrl = await createDatabase()
  const dataDir = mkdtempSync(join(tmpdir(), 'wtf-data-'))
  const { startProvider } = await import('../fakes/provider/index.ts')
  const provider = await startProvider({ mediaDir: options.mediaDir ?? dataDir })
  const loopback = `127.0.0.1:${provider.port}`
  Object.assign(process.env, {
    NODE_ENV: 'test',
    ROLE: 'worker',
    HOST: '127.0.0.1',
    DATA_DIR: dataDir,
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: 'silent',
    LOOPBACK_UPSTREAMS: loopback,
    ...options.env,
  })
  const { configureSafeFetch } = await import('@/lib/platform/fetch')
  configureSafeFetch({ ownHosts: [], loopbackAllowed: [loopback] })
  return {
    databaseUrl,
    providerUrl: provider.url,
    provider,
    makeViewer,
    makeProfile,
    control: async orders => {
      await fetch(`${provider.url}/__control`, { method: 'POST', body: JSON.stringify(orders) })
    },
    end: async () => {
      const { closeDatabase } = await import('@/lib/platform/db')
      await closeDatabase()
      await provider.close()
      rmSync(dataDir, { recursive: true, force: true })
      await dropDatabase(databaseUrl)
    },
  }
}

async function makeViewer({ role = 'viewer', name = 'Ana' }: { role?: Role; name?: string } = {}): Promise<Viewer> {
  const { db } = await import('@/lib/platform/db')
  const account = await db().account.create({
    data: { email: `${randomBytes(6).toString('hex')}@example.test`, name, role, profiles: { create: { name } } },
    select: { id: true, profiles: { select: { id: true } } },
  })
  const session = await db().session.create({
    data: { accountId: account.id, userAgent: 'test', address: '127.0.0.1', expiresAt: new Date(Date.now() + 86_400_000) },
    select: { id: true },
  })
  return { accountId: account.id, profileId: account.profiles[0]?.id ?? '', sessionId: session.id, role }
}

async function makeProfile(viewer: Viewer, name = 'Ben'): Promise<Viewer> {
  const { db } = await import('@/lib/platform/db')
  const profile = await db().profile.create({ data: { accountId: viewer.accountId, name }, select: { id: true } })
  return { ...viewer, profileId: profile.id }
}

async function onServer(statement: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: inject('templateUrl').replace(/\/[^/]+$/, '/postgres') })
  await client.connect()
  try {
    await statement(client)
  } finally {
    await client.end()
  }
}

async function createDatabase(): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`
  // Two files that copy at the same moment would refuse each other the template.
  await onServer(async client => {
    await client.query('SELECT pg_advisory_lock(7)')
    await client.query(`CREATE DATABASE ${name} TEMPLATE template_wtf`)
  })
  return inject('templateUrl').replace(/\/[^/]+$/, `/${name}`)
}

async function dropDatabase(url: string): Promise<void> {
  await onServer(client => client.query(`DROP DATABASE IF EXISTS ${url.split('/').at(-1)} WITH (FORCE)`))
}
