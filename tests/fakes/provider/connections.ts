import { sendText } from './replies.ts'
import type { Exchange, Login, OpenStream, World } from './world.ts'
import { behaviour } from './world.ts'

const oldestOf = (login: Login) => [...login.streams].sort((a, b) => a.since - b.since)[0]

/** Counts a stream in everywhere and returns what counts it out again, once. */
function countIn(world: World, login: Login, stream: OpenStream): () => void {
  const { stats } = world
  const seen = stats.connections[login.name] ?? { now: 0, max: 0, opened: 0 }
  stats.connections[login.name] = seen
  const live = stream.kind === 'live' ? 1 : 0
  login.streams.add(stream)
  seen.now++
  seen.opened++
  seen.max = Math.max(seen.max, seen.now)
  stats.openConnections++
  stats.liveOpen += live
  stats.liveOpened += live
  return () => {
    if (!login.streams.delete(stream)) return
    seen.now--
    stats.openConnections--
    stats.liveOpen -= live
  }
}

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
    oldestOf(login)?.end()
  }
  const release = countIn(world, login, {
    kind,
    since: performance.now(),
    end() {
      release()
      res.destroy()
    },
  })
  res.once('close', release)
  return true
}

const HLS_LINGER_MS = 10_000

/** A player of HLS has no connection to hold, so panels count it until some seconds after its last segment. */
export function holdHlsSession(x: Exchange, login: Login, channelId: number): boolean {
  const { world, res } = x
  const known = login.hlsSessions.get(channelId)
  if (known) {
    known.refresh()
    return true
  }
  const { maxConnections, overLimit } = behaviour(world, login)
  if (maxConnections > 0 && login.streams.size >= maxConnections) {
    if (overLimit === 'refuse') {
      sendText(res, 458, '')
      return false
    }
    oldestOf(login)?.end()
  }
  const release = countIn(world, login, { kind: 'hls', since: performance.now(), end: () => leave() })
  const timer = setTimeout(() => leave(), HLS_LINGER_MS).unref()
  const leave = () => {
    clearTimeout(timer)
    login.hlsSessions.delete(channelId)
    release()
  }
  login.hlsSessions.set(channelId, timer)
  return true
}
