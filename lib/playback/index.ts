import 'server-only'

export { streamAccess } from './access'
export { closeAllRelays, listRelays } from './relay/registry'
export { closePlayback, endPlaybacksOf, openPlayback, touchPlayback } from './sessions'
export type { FileStream, HlsStream, LiveStream, StreamAccess } from './stream-access'
export type { FileAnswer } from './vod'
