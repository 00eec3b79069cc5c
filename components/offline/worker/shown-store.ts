import { openDB } from 'idb'

const STORE = 'shown'
const KEPT = 200

const open = () =>
  openDB('notifications', 1, {
    upgrade: database => {
      database.createObjectStore(STORE)
    },
  })

/**
 * Notes that a message was shown; false when it had been before. A server that died in the middle sends a message again, and
 * only the device knows whether it came the first time (docs/decisions/0024).
 */
export async function noteShown(id: number): Promise<boolean> {
  const database = await open()
  const work = database.transaction(STORE, 'readwrite')
  const known = await work.store.get(id)
  if (known === undefined) await work.store.put(Date.now(), id)
  const keys = await work.store.getAllKeys()
  for (const old of keys.slice(0, Math.max(0, keys.length - KEPT))) await work.store.delete(old)
  await work.done
  database.close()
  return known === undefined
}
