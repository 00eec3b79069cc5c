import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Behaviour, type PacedProvider, startPacedProvider, until } from '@/lib/playback/relay/paced-provider.test-support'
import type { PlaybackInput } from '@/lib/playback/schema'
import { startEmbeddedPostgres } from '../../scripts/embedded-postgres.mjs'
import { migrate } from '../../scripts/migrate.mjs'

export const capabilities: PlaybackInput['capabilities'] = { video: ['h264'], audio: ['aac', 'mp3'], containers: ['mp4'] }

/** The rooms of playback, once DATABASE_URL is set. */
export const rooms = async () => ({
  playback: await import('@/lib/playback'),
  relays: await import('@/lib/playback/live-relays'),
  registry: await import('@/lib/playback/relay/registry'),
  plans: await import('@/lib/playback/session-plans'),
  platform: await import('@/lib/platform/db'),
})

export interface PacedWorld {
  provider: PacedProvider
  /** Every session, relay and lease is gone, and the provider's connections with them. */
  calm(): Promise<void>
  end(): Promise<void>
}

/** A database of its own, and a provider with these streams. */
export async function startPacedWorld(behaviours: Record<string, Behaviour>): Promise<PacedWorld> {
  const dataDir = mkdtempSync(join(tmpdir(), 'watchtheflix-paced-'))
  const database = await startEmbeddedPostgres({ dataDir })
  await migrate(database.url)
  Object.assign(process.env, { DATABASE_URL: database.url, DATA_DIR: dataDir, LOG_LEVEL: 'silent' })
  const provider = await startPacedProvider(behaviours)
  const calm = async () => {
    const { playback, platform, plans } = await rooms()
    for (const { id } of await platform.db().playbackSession.findMany({ select: { id: true } })) await plans.forgetPlan(id)
    playback.closeAllRelays()
    await until(() => provider.open() === 0)
    await platform.pool().query('DELETE FROM slot')
  }
  const end = async () => {
    await calm()
    await provider.close()
    await (await rooms()).platform.closeDatabase()
    await database.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  return { provider, calm, end }
}
