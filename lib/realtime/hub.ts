import 'server-only'
import { randomBytes } from 'node:crypto'
import type { Viewer } from '@/lib/accounts/schema'
import type { Events } from '@/lib/kernel/events'
import { SECOND } from '@/lib/kernel/time'
import { log } from '@/lib/platform/log'
import { shared } from '@/lib/platform/shared'
import { listHiddenProviders } from '@/lib/profiles'
import { type AddressedNews, concerns } from './audience'
import { listLiveSignIns } from './audience-store'
import { Connection, type Owner } from './connection'
import { NewsLog } from './news-log'
import { closeCodes, type ServerMessage } from './schema'
import { redeemTicket } from './tickets'
import { type HeardEvent, toNews } from './to-news'

/** B17 of reliability.md counts a person's; a device is one sign-in, and a household has several. */
const MAX_OF_SIGN_IN = 5
const MAX_OF_ACCOUNT = 25
const LIFE_CHECK_MS = 5 * SECOND
/** Every second life check also looks whether the sign-ins are still good: the bus tells, but it may fail to. */
const SIGN_IN_CHECKS = 2

interface Hub {
  connections: Set<Connection>
  /** Null until somebody has connected: before, nobody could ask for what was missed. */
  news: NewsLog<AddressedNews> | null
  /** News are told in the order they came, though each asks the database whom it concerns. */
  queue: Promise<void>
  timer: NodeJS.Timeout | null
  checks: number
  isDraining: boolean
}

const hub = () =>
  shared<Hub>('realtime', () => ({
    connections: new Set(),
    news: null,
    queue: Promise.resolve(),
    timer: null,
    checks: 0,
    isDraining: false,
  }))

const newLog = () => new NewsLog<AddressedNews>(randomBytes(6).toString('base64url'))

const owner: Owner = {
  async admit(connection, { ticket, since }) {
    try {
      const viewer = await redeemTicket(ticket)
      if (viewer === null) {
        connection.close(closeCodes.ticket, 'the ticket is not good')
        return
      }
      // News that came before this moment are in the log by then, and later ones find the connection among the others: those
      // of a provider that is hidden meanwhile, too.
      await inTurn(async () => {
        const hiddenProviders = new Set(await listHiddenProviders(viewer))
        welcome(connection, { viewer, hiddenProviders }, since)
      })
    } catch (error) {
      log().warn({ err: error }, 'a realtime connection could not be opened')
      connection.close(closeCodes.restart, 'not now')
    }
  },
  cursor: () => hub().news?.cursor ?? null,
  leave(connection) {
    const { connections } = hub()
    connections.delete(connection)
    if (connections.size === 0) stopWatch()
  },
}

function welcome(connection: Connection, hearer: NonNullable<Connection['hearer']>, since: string | undefined): void {
  if (!connection.isOpen) return
  if (isFull(hearer.viewer)) {
    connection.close(closeCodes.tooMany, 'too many connections')
    return
  }
  const state = hub()
  state.news ??= newLog()
  connection.welcome(hearer)
  const missed = since === undefined ? null : state.news.since(since)
  for (const { id, item } of missed ?? []) if (concerns(item.audience, hearer)) connection.sendText(toText(id, item))
  connection.send({ type: 'welcome', cursor: state.news.cursor, resumed: missed !== null })
}

function isFull({ accountId, sessionId }: Viewer): boolean {
  let [ofSignIn, ofAccount] = [0, 0]
  for (const { hearer } of hub().connections) {
    if (hearer?.viewer.accountId === accountId) ofAccount += 1
    if (hearer?.viewer.sessionId === sessionId) ofSignIn += 1
  }
  return ofSignIn >= MAX_OF_SIGN_IN || ofAccount >= MAX_OF_ACCOUNT
}

function inTurn(task: () => void | Promise<void>): Promise<void> {
  const state = hub()
  const done = state.queue.then(task)
  state.queue = done.catch(() => undefined)
  return done
}

const toText = (id: string, { topic, data }: AddressedNews): string =>
  JSON.stringify({ type: 'news', id, topic, data } as ServerMessage)

/** A new socket at the door; it has five seconds to show a ticket. */
export function addConnection(socket: ConstructorParameters<typeof Connection>[0], address: string): void {
  const state = hub()
  state.connections.add(new Connection(socket, address, owner))
  state.timer ??= setInterval(() => void look(), LIFE_CHECK_MS)
}

/** Connections that have not shown a ticket yet: all of them, and those of one address. */
export function countWaiting(address: string): { all: number; here: number } {
  let [all, here] = [0, 0]
  for (const connection of hub().connections) {
    if (connection.hearer !== null) continue
    all += 1
    if (connection.address === address) here += 1
  }
  return { all, here }
}

export const countConnections = (): number => hub().connections.size
export const isDraining = (): boolean => hub().isDraining

/** Tells an event of the bus to whom it concerns, in this process. */
export function tellNews<Name extends HeardEvent>(name: Name, data: Events[Name]): Promise<void> {
  if (hub().news === null) return Promise.resolve()
  return inTurn(async () => {
    for (const item of await toNews(name, data)) tell(item)
  }).catch(error => {
    // Nobody knows now whom it concerned: all look again.
    log().warn({ err: error, event: name }, 'news could not be told')
    resetRealtime()
  })
}

function tell(item: AddressedNews): void {
  const { connections, news } = hub()
  if (news === null) return
  const text = toText(news.add(item), item)
  for (const connection of connections) {
    if (connection.hearer !== null && concerns(item.audience, connection.hearer)) connection.sendText(text)
  }
}

/** News may have been missed: what is shown everywhere is asked for again, and older cursors lead nowhere. */
export function resetRealtime(): void {
  const state = hub()
  if (state.news === null) return
  state.news = newLog()
  const { cursor } = state.news
  for (const connection of state.connections) if (connection.hearer !== null) connection.send({ type: 'reset', cursor })
}

/** Ends what a revoked sign-in or a disabled account has open. */
export function closeRealtimeOf(which: { sessionId: string } | { accountId: string }): void {
  for (const connection of hub().connections) {
    const viewer = connection.hearer?.viewer
    const isMeant = 'sessionId' in which ? viewer?.sessionId === which.sessionId : viewer?.accountId === which.accountId
    if (isMeant) connection.close(closeCodes.signedOut, 'signed out')
  }
}

/** A profile hides other providers than before. */
export function refreshHearers(profileId: string): Promise<void> {
  return inTurn(async () => {
    for (const connection of hub().connections) {
      const viewer = connection.hearer?.viewer
      if (viewer?.profileId !== profileId) continue
      connection.hearer = { viewer, hiddenProviders: new Set(await listHiddenProviders(viewer)) }
    }
  })
}

/** This process goes: nobody is let in any more, and those who are here look for another one. */
export function drainRealtime(): void {
  const state = hub()
  state.isDraining = true
  for (const connection of state.connections) connection.close(closeCodes.restart, 'restarting')
  stopWatch()
}

function stopWatch(): void {
  const state = hub()
  if (state.timer !== null) clearInterval(state.timer)
  state.timer = null
}

async function look(): Promise<void> {
  const state = hub()
  for (const connection of state.connections) connection.checkLife()
  state.checks += 1
  if (state.checks % SIGN_IN_CHECKS !== 0) return
  const open = [...state.connections].flatMap(({ hearer }) => (hearer === null ? [] : [hearer.viewer.sessionId]))
  if (open.length === 0) return
  try {
    const live = await listLiveSignIns([...new Set(open)])
    for (const sessionId of open) if (!live.has(sessionId)) closeRealtimeOf({ sessionId })
  } catch (error) {
    // A database that is away signs nobody out.
    log().warn({ err: error }, 'realtime sign-ins could not be checked')
  }
}
