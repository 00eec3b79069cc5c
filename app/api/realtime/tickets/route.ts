import { route } from '@/lib/edge'
import { issueTicket } from '@/lib/realtime'

export const POST = route({ who: 'viewer', limit: 'realtimeTicket', status: 201, run: ({ viewer }) => issueTicket(viewer) })
