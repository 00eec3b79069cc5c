import 'server-only'

export { upgradeRealtime } from './door'
export { closeRealtimeOf, countConnections, drainRealtime, refreshHearers, resetRealtime, tellNews } from './hub'
export { issueTicket } from './tickets'
export { type HeardEvent, heardEvents } from './to-news'
