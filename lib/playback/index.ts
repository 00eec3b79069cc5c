import 'server-only'

export type { FileStream, HlsStream, LiveStream, StreamAccess } from './stream-access'
export type { FileAnswer } from './vod'
