import 'server-only'
import { keepClientData } from '@/lib/analytics'
import { gatewayDoor } from '@/lib/gateway'
import { closePostOffice, openPostOffice } from '@/lib/notifications'
import { startBus, stopBus } from '@/lib/platform/bus'
import { closeDatabase } from '@/lib/platform/db'
import { env } from '@/lib/platform/env'
import { configureSafeFetch } from '@/lib/platform/fetch'
import { ffmpegAbilities } from '@/lib/platform/ffmpeg'
import { log } from '@/lib/platform/log'
import { prepareQueues, startWorking, stopQueue } from '@/lib/platform/queue'
import { derivedKey, requireKeys } from '@/lib/platform/secrets'
import { closeAllRelays } from '@/lib/playback'
import { rotateSecrets } from '@/lib/providers'
import { drainRealtime, upgradeRealtime } from '@/lib/realtime'
import { jobs } from './jobs'
import { markDraining, markReady, publishHandle } from './lifecycle'
import { subscribeAll } from './subscriptions'

/** Starts what this process's role needs. */
export async function boot(): Promise<void> {
  const { ROLE, LOOPBACK_UPSTREAMS } = env()
  // A promise that nobody listened to is a fault to mend, not a reason to end thousands of streams (reliability.md C39).
  process.on('unhandledRejection', reason => log().error({ err: reason }, 'a rejection was not handled'))
  requireKeys()
  // The same in every process of this server, so that a loop through two of them is seen at its first turn.
  const instanceId = derivedKey('instance')?.key.toString('hex').slice(0, 12)
  configureSafeFetch({ ownHosts: ownHosts(), loopbackAllowed: LOOPBACK_UPSTREAMS, ...(instanceId ? { instanceId } : {}) })
  await startBus()
  await prepareQueues(jobs)
  subscribeAll()
  if (ROLE !== 'serve') {
    await startWorking(jobs)
    openPostOffice()
    // A key that was added while no worker listened.
    rotateSecrets().catch(error => log().error({ err: error }, 'stored credentials were not sealed anew'))
  }
  // Looked at now: the first viewer of a film or channel should not wait for it.
  if (ROLE !== 'worker') void ffmpegAbilities()
  publishHandle({ drain, stop, ...(ROLE === 'worker' ? {} : { gateway: gatewayDoor, upgrade: upgradeRealtime }) })
  markReady()
  log().info('ready')
}

function drain(): void {
  markDraining()
  drainRealtime()
}

async function stop(): Promise<void> {
  await closeAllRelays()
  await keepClientData()
  await closePostOffice()
  await stopQueue()
  await stopBus()
  await closeDatabase()
}

/** Addresses under which this server itself is reached: never a provider (reliability.md B7). */
function ownHosts(): string[] {
  const { PUBLIC_URL, HOST, PORT } = env()
  const url = new URL(PUBLIC_URL)
  return [
    `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`,
    `${HOST}:${PORT}`,
    `127.0.0.1:${PORT}`,
    `localhost:${PORT}`,
  ]
}
