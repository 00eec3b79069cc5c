// A process that takes slots as the server does: the same code, the same database, nothing else around it. Told what to do by lines
// of JSON, answers in lines of JSON. Run with --import ./scripts/bench/typescript-hooks.mjs.
import { connect } from 'node:net'
import { createInterface } from 'node:readline'

const { takeSlot } = await import('@/lib/playback/slots')
const tell = message => process.stdout.write(`${JSON.stringify(message)}\n`)
const held = new Map()

/** A connection to whoever counts them: what the slot is the right to. */
async function connectTo(port, name) {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => socket.destroy())
  await new Promise(done => socket.once('connect', done))
  socket.write(`${name}\n`)
  return () =>
    new Promise(done => {
      socket.once('close', done)
      socket.destroy()
    })
}

/** Null when it was refused. */
const tryTake = (request, purpose) =>
  takeSlot({ ...request, purpose, priority: 5 }).catch(error => {
    if (error.code !== 'PROVIDER_LIMIT') throw error
    return null
  })

/** Many tries at once; what was granted is held until the last of them knows. */
async function race({ providerId, limit, count, meter }) {
  const makeTry = async () => {
    const slot = await tryTake({ providerId, limit }, 'race')
    return slot && { slot, end: await connectTo(meter, providerId) }
  }
  const granted = (await Promise.all(Array.from({ length: count }, makeTry))).filter(Boolean)
  await Promise.all(granted.map(({ end }) => end()))
  await Promise.all(granted.map(({ slot }) => slot.release()))
  return { granted: granted.length }
}

const orders = {
  race,
  take: async ({ providerId, limit, purpose }) => {
    const slot = await tryTake({ providerId, limit }, purpose)
    if (slot === null) return { taken: false }
    held.set(providerId, slot)
    slot.lost.addEventListener('abort', () => tell({ event: 'lost' }), { once: true })
    return { taken: true }
  },
  /** What a holder writes when it believes that the slot is still its own. */
  write: async ({ providerId }) => {
    await held.get(providerId).raise(9)
    await held.get(providerId).release()
    return {}
  },
}

createInterface({ input: process.stdin }).on('line', async line => {
  const { id, order, ...more } = JSON.parse(line)
  tell({ id, ...(await orders[order](more).catch(error => ({ error: error.message }))) })
})
tell({ event: 'ready' })
