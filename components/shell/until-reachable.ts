import { SECOND } from '@/lib/kernel/time'
import { isUnreachable } from './failure'

/**
 * For what somebody waits for: browsers learn late or never that a network is away or back, so what could not be asked is asked again
 * until it can.
 */
export const untilReachable = {
  refetchInterval: ({ state }: { state: { error: Error | null } }) =>
    isUnreachable(state.error) ? 5 * SECOND : (false as const),
}
