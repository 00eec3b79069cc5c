import { makeChannel, makeMovie } from './catalogue-normal.ts'
import type { Programme } from './guide.ts'
import { sendJson } from './replies.ts'
import type { Exchange, Login, World } from './world.ts'

/** What a test in another process may ask for; every field is optional and they are carried out in this order. */
interface Orders {
  fault?: string | null
  login?: string
  down?: boolean
  hold?: boolean
  dropSockets?: boolean
  dropStreams?: boolean
  addChannels?: number
  removeChannels?: number
  addMovies?: number
  removeMovies?: number
  renameChannel?: { id: number; name: string }
  /** A category of channels takes another name, or gives all its channels to another category. */
  changeCategory?: { id: number; name?: string; moveTo?: number }
  renumber?: number
  /** Writes the guide of a channel: what is missing of a programme is filled in. Times are epoch seconds. */
  setGuide?: { channel: number; programmes: (Pick<Programme, 'start' | 'stop' | 'title'> & Partial<Programme>)[] }
  reset?: boolean
}

const fillIn = (programme: Partial<Programme> & Pick<Programme, 'start' | 'stop' | 'title'>): Programme => ({
  id: programme.start,
  subTitle: '',
  description: '',
  category: 'world',
  season: 1,
  episode: 1,
  ...programme,
})

function changeChannels(login: Login, orders: Orders): void {
  const { lists } = login
  if (!lists) return
  if (orders.removeChannels) lists.channels.splice(-orders.removeChannels)
  for (let i = 0; i < (orders.addChannels ?? 0); i++) {
    const id = Math.max(0, ...lists.channels.map(c => c.id)) + 1
    lists.channels.push(makeChannel(id, lists.channels.length + 1, `Added Channel ${id}`, 1, 'news'))
  }
  const { renameChannel, renumber } = orders
  for (const c of lists.channels) {
    if (renameChannel?.id === c.id) c.name = renameChannel.name
    if (orders.setGuide?.channel === c.id) c.guide = orders.setGuide.programmes.map(fillIn)
    if (renumber) c.id += renumber
  }
}

function changeCategory({ lists }: Login, { changeCategory: change }: Orders): void {
  if (!lists || !change) return
  const { id, name, moveTo } = change
  lists.liveCategories = lists.liveCategories.map(c => (c.id === id && name !== undefined ? { ...c, name } : c))
  if (moveTo !== undefined) for (const c of lists.channels) if (c.category === id) c.category = moveTo
}

function changeMovies(login: Login, orders: Orders): void {
  const { lists } = login
  if (!lists) return
  if (orders.removeMovies) lists.movies.splice(-orders.removeMovies)
  for (let i = 0; i < (orders.addMovies ?? 0); i++) {
    const id = Math.max(0, ...lists.movies.map(m => m.id)) + 1
    lists.movies.push(makeMovie(id, `Added Film ${id}`, 'Drama', 101))
  }
  if (orders.renumber) for (const m of lists.movies) m.id += orders.renumber
}

function carryOut(world: World, orders: Orders, own: Exchange): void {
  if (orders.fault !== undefined) world.fault = orders.fault
  if (orders.reset) world.forget(orders.login ?? null)
  const login = orders.login ? world.login(orders.login) : null
  if (login) {
    if (orders.down !== undefined) login.down = orders.down
    if (orders.hold !== undefined) login.held = orders.hold
    changeChannels(login, orders)
    changeCategory(login, orders)
    changeMovies(login, orders)
    if (orders.dropStreams || orders.down) for (const stream of [...login.streams]) stream.end()
  }
  if (orders.dropSockets) for (const socket of world.sockets) if (socket !== own.req.socket) socket.destroy()
}

export function serveControl(x: Exchange, body: string): void {
  let orders: Orders
  try {
    orders = JSON.parse(body || '{}')
  } catch {
    sendJson(x.res, { error: 'not JSON' }, 400)
    return
  }
  carryOut(x.world, orders, x)
  sendJson(x.res, { ok: true })
}
