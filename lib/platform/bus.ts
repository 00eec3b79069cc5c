import 'server-only'
import pg from 'pg'
import type { EventName, Events } from '@/lib/kernel/events'
import { backoff } from '@/lib/kernel/time'
import { pool } from './db'
import { env } from './env'
import { log } from './log'
import { shared } from './shared'

const CHANNEL = 'watchtheflix'

type Listener = (data: never) => void | Promise<void>

interface Bus {
  listeners: Map<string, Set<Listener>>
  /** Told when news may have been missed. */
  gapListeners: Set<() => void>
  wasOpen: boolean
  client: pg.Client | null
  stopped: boolean
  retry: NodeJS.Timeout | null
}

const bus = () =>
  shared<Bus>('bus', () => ({
    listeners: new Map(),
    gapListeners: new Set(),
    wasOpen: false,
    client: null,
    stopped: false,
    retry: null,
  }))

/** Tells every process. Delivery is best effort: what must not be lost belongs in the queue. */
export async function publish<Name extends EventName>(name: Name, data: Events[Name]): Promise<void> {
  await pool().query('SELECT pg_notify($1, $2)', [CHANNEL, JSON.stringify({ name, data })])
}

/** Returns the function that ends the subscription. */
export function subscribe<Name extends EventName>(
  name: Name,
  listener: (data: Events[Name]) => void | Promise<void>,
): () => void {
  const all = bus().listeners
  const set = all.get(name) ?? new Set()
  all.set(name, set)
  set.add(listener as Listener)
  return () => set.delete(listener as Listener)
}

/** Called after the listening connection was lost and is there again: what was published meanwhile reached nobody here. */
export function onBusGap(listener: () => void): void {
  bus().gapListeners.add(listener)
}

function deliver(payload: string | undefined) {
  const { name, data } = JSON.parse(payload ?? '{}') as { name: string; data: never }
  for (const listener of bus().listeners.get(name) ?? []) {
    Promise.resolve()
      .then(() => listener(data))
      .catch(error => log().error({ err: error, event: name }, 'a bus listener failed'))
  }
}

/** Opens the listening connection and keeps it open; a lost one is opened again with back-off. */
export async function startBus(attempt = 0): Promise<void> {
  const state = bus()
  if (state.stopped) return
  const client = new pg.Client({ connectionString: env().DATABASE_URL, connectionTimeoutMillis: 5_000, keepAlive: true })
  const again = () => {
    if (state.stopped || state.client !== client) return
    state.client = null
    state.retry = setTimeout(() => void startBus(attempt + 1), backoff(attempt, 250, 5_000))
  }
  state.client = client
  client.on('notification', message => deliver(message.payload))
  client.on('error', again)
  client.on('end', again)
  try {
    await client.connect()
    await client.query(`LISTEN ${CHANNEL}`)
    if (state.wasOpen) for (const tell of state.gapListeners) tell()
    state.wasOpen = true
  } catch (error) {
    log().warn({ err: error }, 'the bus has no database yet')
    again()
  }
}

export async function stopBus(): Promise<void> {
  const state = bus()
  state.stopped = true
  if (state.retry) clearTimeout(state.retry)
  await state.client?.end().catch(() => undefined)
  state.client = null
}
