import { QueryCache, QueryClient } from '@tanstack/react-query'
import { MINUTE, SECOND } from '@/lib/kernel/time'
import { Failure } from './failure'
import { forgetKept } from './kept'

/** A session that ended elsewhere ends here too: back to the door, and back to this screen afterwards. */
function leaveWhenSignedOut(error: Error): void {
  if (!(error instanceof Failure) || error.code !== 'NOT_SIGNED_IN') return
  if (window.location.pathname === '/sign-in') return
  void forgetKept()
  const back = window.location.pathname + window.location.search
  window.location.assign(`/sign-in?next=${encodeURIComponent(back)}`)
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
    defaultOptions: {
      queries: {
        staleTime: 30 * SECOND,
        gcTime: 15 * MINUTE,
        retry: (count, error) => count < 2 && error instanceof Failure && error.retryable,
        retryDelay: count => Math.min(800 * 2 ** count, 5 * SECOND),
      },
    },
  })
}
