import { queryOptions } from '@tanstack/react-query'
import { getView } from '@/components/shell/api'
import type { NowView } from '@/lib/catalogue/schema'
import { MINUTE, SECOND } from '@/lib/kernel/time'

interface Asker {
  id: number
  signal: AbortSignal
  resolve: (now: NowView | null) => void
  reject: (reason: unknown) => void
}

/** As many channels as one call may name. */
const MOST = 30
/** Rows that only fly past while scrolling have left again by then and are not asked for. */
const GATHER_MS = 160
const LOOK_AGAIN = 2 * MINUTE

let waiting: Asker[] = []
let timer: ReturnType<typeof setTimeout> | undefined

async function ask(askers: readonly Asker[]): Promise<void> {
  try {
    const ids = [...new Set(askers.map(asker => asker.id))].join(',')
    const answer = await getView<Record<string, NowView | null>>(`/api/now?ids=${ids}`)
    for (const asker of askers) asker.resolve(answer[String(asker.id)] ?? null)
  } catch (error) {
    for (const asker of askers) asker.reject(error)
  }
}

function flush(): void {
  timer = undefined
  const askers = waiting.filter(asker => !asker.signal.aborted)
  waiting = []
  for (let at = 0; at < askers.length; at += MOST) void ask(askers.slice(at, at + MOST))
}

function gather(id: number, signal: AbortSignal): Promise<NowView | null> {
  return new Promise((resolve, reject) => {
    waiting.push({ id, signal, resolve, reject })
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    if (timer === undefined) timer = setTimeout(flush, GATHER_MS)
  })
}

/** Until the next look, in ms: what is over is not on any more, and a guide that does not know that yet is not asked all the time. */
function untilNext(now: NowView | null | undefined): number {
  const left = now ? Date.parse(now.end) - Date.now() : Number.NaN
  return Number.isNaN(left) ? LOOK_AGAIN : Math.min(LOOK_AGAIN, Math.max(LOOK_AGAIN / 6, left + SECOND))
}

/** What is on now on one channel; rows that ask at the same time share one call. */
export function nowQuery(id: number) {
  return queryOptions({
    queryKey: ['now', id],
    queryFn: ({ signal }) => gather(id, signal),
    staleTime: MINUTE,
    refetchInterval: ({ state }) => untilNext(state.data),
    retry: false,
  })
}
