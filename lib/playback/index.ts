import 'server-only'

export { type Audience, streamAccess } from './access'
export type { Stretch } from './archive/stretch'
export { openLineCatchUp } from './catch-up'
export { endAllOfLine, endConnection, endLineConnections, listConnections } from './connections'
export {
  forgetConversionSettings,
  updateConversionSettings,
  viewConversionSettings,
} from './conversion-settings'
export { getDrm, removeDrm, updateDrm } from './drm/drm'
export { MAX_CHALLENGE_BYTES } from './drm/licence'
export { listHoldings } from './holdings'
export { countLinePlaybacks } from './line-store'
export {
  type Elsewhere,
  type LineRequest,
  openLineChannel,
  openLineFile,
  openLineHls,
  requireFormat,
  requireLineItem,
} from './line-streams'
export { asTextPlaylist } from './live-master'
export { findPlaying, type Playing } from './playing'
export { prewarmChannel } from './prewarm'
export { closeAllRelays, listRelays } from './relay/registry'
export { viewRoom } from './room'
export { lineViewer } from './session-plans'
export { recheck as recheckPlaybacks } from './session-watch'
export { closePlayback, endPlaybacksOf, leavePlaybacks, openPlayback, touchPlayback } from './sessions'
export { slateFor } from './slate'
export { loseSlot } from './slots'
export type { FileStream, FilmPiece, FilmStream, HlsStream, LiveStream, StreamAccess } from './stream-access'
export type { FileAnswer } from './vod'
