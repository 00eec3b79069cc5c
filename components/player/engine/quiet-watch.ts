import { SECOND } from '@/lib/kernel/time'
import type { PlayerSnapshot } from './player-snapshot'
import type { Store } from './store'

/** Longer than any segment and than the server's own change of source, shorter than a viewer's patience. */
const QUIET_LIMIT = 18 * SECOND

/** Answers, asked every second, whether the picture has stood still for too long although it should move. */
export function createQuietWatch(video: HTMLVideoElement, store: Store<PlayerSnapshot>): () => boolean {
  let mark = ''
  let since = performance.now()
  return () => {
    const { phase, session } = store.get()
    const end = video.buffered.length > 0 ? video.buffered.end(video.buffered.length - 1) : 0
    const now = `${session?.sessionId} ${video.currentTime} ${end}`
    const waiting = session !== null && (phase === 'loading' || phase === 'buffering')
    if (!waiting || now !== mark) {
      mark = now
      since = performance.now()
      return false
    }
    if (performance.now() - since < QUIET_LIMIT) return false
    since = performance.now()
    return true
  }
}
