import { SECOND } from '@/lib/kernel/time'
import type { PlaybackView, TouchInput } from '@/lib/playback/schema'
import type { PlaybackApi } from './playback-api'

interface KeeperEvents {
  where: () => TouchInput
  onFreshUrl: (sessionId: string, url: string) => void
  /** The page came back from the browser's own cache; its session is gone. */
  onReturn: () => void
}

export interface SessionKeeper {
  hold: (view: PlaybackView) => void
  touch: () => void
  /** Gives the session back; resolves when the server has let go of its slot. */
  release: () => Promise<void>
  destroy: () => void
}

/** Keeps one playback session alive at the server, and gives it back whichever way the viewer leaves. */
export function createSessionKeeper(api: PlaybackApi, events: KeeperEvents): SessionKeeper {
  let held: PlaybackView | null = null
  let timer: ReturnType<typeof setInterval> | undefined
  const page = new AbortController()
  /** Sessions on their way out; a page that closes meanwhile would cancel those calls. */
  const leaving = new Set<string>()

  const touch = () => {
    const session = held
    if (!session) return
    // A lost touch is no failure: if the session is really gone, the stream itself says so.
    api
      .touch(session.sessionId, events.where())
      .then(({ url }) => {
        if (url && held === session) events.onFreshUrl(session.sessionId, url)
      })
      .catch(() => {})
  }
  const drop = (): PlaybackView | null => {
    const session = held
    clearInterval(timer)
    held = null
    return session
  }
  const leave = () => {
    const session = drop()
    if (session) leaving.add(session.sessionId)
    for (const id of leaving) api.closeNow(id)
    leaving.clear()
  }
  window.addEventListener('pagehide', leave, { signal: page.signal })
  window.addEventListener('pageshow', event => event.persisted && events.onReturn(), { signal: page.signal })

  return {
    hold: view => {
      drop()
      held = view
      timer = setInterval(touch, view.touchSeconds * SECOND)
    },
    touch,
    release: async () => {
      const session = held
      if (!session) return
      const where = events.where()
      drop()
      leaving.add(session.sessionId)
      if (where.durationSeconds > 0) await api.touch(session.sessionId, where).catch(() => {})
      if (!leaving.has(session.sessionId)) return
      await api.close(session.sessionId).catch(() => {})
      leaving.delete(session.sessionId)
    },
    destroy: () => {
      // Not at once: the calls of a release that has just begun are still under way.
      setTimeout(() => page.abort(), 5 * SECOND)
    },
  }
}
