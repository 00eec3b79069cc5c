import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { GuideRowsView, GuideWindowView } from '@/lib/epg/schema'
import { DAY } from '@/lib/kernel/time'

// What was seen of the guide stays on this device, for the moment it has no network and to show the screen at once. It is
// one profile's: another one, and a sign-out, take all of it away.

/** Windows that are kept, of at most 60 kB each. */
const MOST_WINDOWS = 60
/** Lists of rows: one a filter. */
const MOST_ROWS = 10
const OLDEST_MS = 2 * DAY

/** Some data as it was at a moment. */
interface Kept<View> {
  key: string
  at: number
  view: View
}

interface KeptSchema extends DBSchema {
  owner: { key: 'owner'; value: string }
  rows: { key: string; value: Kept<GuideRowsView>; indexes: { at: number } }
  windows: { key: string; value: Kept<GuideWindowView>; indexes: { at: number } }
}

export interface KeptGuide {
  profileId: string
  rows: Kept<GuideRowsView>[]
  windows: Kept<GuideWindowView>[]
}

let opened: Promise<IDBPDatabase<KeptSchema>> | null = null

function open(): Promise<IDBPDatabase<KeptSchema>> {
  opened ??= openDB<KeptSchema>('watchtheflix-guide', 1, {
    upgrade: database => {
      database.createObjectStore('owner')
      for (const name of ['rows', 'windows'] as const) {
        database.createObjectStore(name, { keyPath: 'key' }).createIndex('at', 'at')
      }
    },
    terminated: () => {
      opened = null
    },
  })
  return opened
}

/** Private windows and full devices refuse storage: then nothing is kept, and the screens work as they do without. */
async function attempt<T>(work: (database: IDBPDatabase<KeptSchema>) => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work(await open())
  } catch {
    return otherwise
  }
}

const all = ['owner', 'rows', 'windows'] as const

/**
 * Takes away what anybody but this profile left; of everybody without one. `claim`: what is kept from now on is this profile's.
 */
export function forgetOthers(profileId: string | null, claim = false): Promise<void> {
  return attempt(async database => {
    const change = database.transaction(all, 'readwrite')
    const owner = await change.objectStore('owner').get('owner')
    if (owner !== undefined && owner !== profileId) await Promise.all(all.map(name => change.objectStore(name).clear()))
    if (claim && profileId !== null) await change.objectStore('owner').put(profileId, 'owner')
    await change.done
  }, undefined)
}

/** Keeps an answer, unless somebody else has taken this device over meanwhile. */
export function keep(
  profileId: string,
  what: { store: 'rows'; kept: Kept<GuideRowsView> } | { store: 'windows'; kept: Kept<GuideWindowView> },
): Promise<void> {
  return attempt(async database => {
    const change = database.transaction(['owner', what.store], 'readwrite')
    if ((await change.objectStore('owner').get('owner')) === profileId) {
      const store = change.objectStore(what.store)
      await store.put(what.kept)
      const surplus = (await store.count()) - (what.store === 'rows' ? MOST_ROWS : MOST_WINDOWS)
      let cursor = surplus > 0 ? await store.index('at').openCursor() : null
      for (let gone = 0; cursor && gone < surplus; gone++) {
        await cursor.delete()
        cursor = await cursor.continue()
      }
    }
    await change.done
  }, undefined)
}

/** What is kept of this profile, or of whoever is the last one here; null when there is nothing. */
export function findKept(profileId?: string): Promise<KeptGuide | null> {
  return attempt(async database => {
    const read = database.transaction(all)
    const owner = await read.objectStore('owner').get('owner')
    if (owner === undefined || (profileId !== undefined && owner !== profileId)) return null
    const young = IDBKeyRange.lowerBound(Date.now() - OLDEST_MS)
    const [rows, windows] = await Promise.all([
      read.objectStore('rows').index('at').getAll(young),
      read.objectStore('windows').index('at').getAll(young),
    ])
    return rows.length === 0 ? null : { profileId: owner, rows, windows }
  }, null)
}
