import { sendText } from './replies.ts'
import type { Exchange, Login, OpenStream } from './world.ts'
import { behaviour } from './world.ts'

/**
 * Takes one of the login's connection slots for this response, or answers the refusal and returns false.
 * The slot is given back when the response closes, however that happens.
 */
export function openStream(x: Exchange, login: Login, kind: OpenStream['kind']): boolean {
  const { world, res } = x
  const { maxConnections, overLimit } = behaviour(world, login)
  if (maxConnections > 0 && login.streams.size >= maxConnections) {
    if (overLimit === 'refuse') {
      sendText(res, 458, '')
      return false
    }
    const oldest = [...login.streams].sort((a, b) => a.since - b.since)[0]
    oldest?.end()
  }
  const stream: OpenStream = { kind, since: performance.now(), end: () => close() }
  const seen = world.stats.connections[login.name] ?? { now: 0, max: 0, opened: 0 }
  world.stats.connections[login.name] = seen
  login.streams.add(stream)
  seen.now++
  seen.opened++
  seen.max = Math.max(seen.max, seen.now)
  world.stats.openConnections++
  if (kind === 'live') {
    world.stats.liveOpen++
    world.stats.liveOpened++
  }
  let open = true
  const release = () => {
    if (!open) return
    open = false
    login.streams.delete(stream)
    seen.now--
    world.stats.openConnections--
    if (kind === 'live') world.stats.liveOpen--
  }
  const close = () => {
    release()
    res.destroy()
  }
  res.once('close', release)
  return true
}
