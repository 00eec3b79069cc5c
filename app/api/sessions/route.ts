import { endSessions, listSessions } from '@/lib/accounts'
import { route } from '@/lib/edge'

export const GET = route({ who: 'viewer', run: ({ viewer }) => listSessions(viewer) })

/** Signs out every other device. */
export const DELETE = route({ who: 'viewer', run: ({ viewer }) => endSessions(viewer.accountId, { except: viewer.sessionId }) })
