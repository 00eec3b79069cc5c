import { SECOND, sleep } from '@/lib/kernel/time'
import type { PlaybackView, TouchInput, TouchView } from '@/lib/playback/schema'
import type { PlaybackApi } from './playback-api'

type Known = Partial<Pick<PlaybackView, 'url' | 'decision'>>

interface KeeperEvents {
  where: () => TouchInput
  /** A fresh address, and how the server says now that it plays: each only when it is another one. */
  onNews: (sessionId: string, news: Known) => void
  /** The device has a network again. */
  onOnline: () => void
  /** The page came back from the browser's own cache; its session is gone. */
  onReturn: () => void
}

export interface SessionKeeper {
  hold: (view: PlaybackView) => void
  /** Whether this session is the one that is kept. */
  holds: (sessionId: string) => boolean
  touch: () => void
  /** Gives the session back, after so many ms; resolves when the server has let go of its slot. */
  release: (afterMs?: number) => Promise<void>
  destroy: () => void
}

/** What of an answer was not known before. */
function newsIn({ url, decision }: TouchView, before: Known): Known {
  const isOther = decision !== undefined && JSON.stringify(decision) !== JSON.stringify(before.decision)
  return { ...(url === undefined || url === before.url ? {} : { url }), ...(isOther ? { decision } : {}) }
}

/** Keeps one playback session alive at the server, and gives it back whichever way the viewer leaves. */
export function createSessionKeeper(api: PlaybackApi, events: KeeperEvents): SessionKeeper {
  let held: PlaybackView | null = null
  let known: Known = {}
  let timer: ReturnType<typeof setInterval> | undefined
  const page = new AbortController()
  /** Sessions on their way out, with where they stood; a page that closes meanwhile would cancel those calls. */
  const leaving = new Map<string, TouchInput>()

  const touch = () => {
    const session = held
    if (!session) return
    // A lost touch is no failure: if the session is really gone, the stream itself says so.
    api
      .touch(session.sessionId, events.where())
      .then(answer => {
        const news = held === session ? newsIn(answer, known) : {}
        known = { ...known, ...news }
        if (Object.keys(news).length > 0) events.onNews(session.sessionId, news)
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
    if (session) leaving.set(session.sessionId, events.where())
    for (const [id, where] of leaving) api.closeNow(id, where)
    leaving.clear()
  }
  window.addEventListener('pagehide', leave, { signal: page.signal })
  window.addEventListener('online', events.onOnline, { signal: page.signal })
  window.addEventListener('pageshow', event => event.persisted && events.onReturn(), { signal: page.signal })

  return {
    hold: view => {
      drop()
      held = view
      known = { url: view.url, decision: view.decision }
      timer = setInterval(touch, view.touchSeconds * SECOND)
    },
    holds: sessionId => held?.sessionId === sessionId,
    touch,
    release: async (afterMs = 0) => {
      const session = held
      if (!session) return
      const where = events.where()
      drop()
      leaving.set(session.sessionId, where)
      if (afterMs > 0) await sleep(afterMs)
      if (!leaving.has(session.sessionId)) return
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
