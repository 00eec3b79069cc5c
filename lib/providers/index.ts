import 'server-only'

export { type CatchUpAddress, catchUpAddresses, rememberCatchUpForm } from './catch-up-address'
export type { CallPolicy } from './client'
export { isTooSlow, policies } from './client'
export {
  type Row,
  toDate,
  toFlag,
  toId,
  toInt,
  toList,
  toParts,
  toPictureUrl,
  toRating,
  toRow,
  toSeconds,
  toText,
  toTexts,
  toYear,
} from './coerce'
export { guideAddresses, readGuide } from './guide'
export { decodeGuideText } from './guide-text'
export { addLogin, listLogins, refreshLogins, removeLogin } from './logins'
export type { M3uBatch, M3uEntry } from './m3u'
export { parseAddress, parsePlaylistUrl, publicAddress, secretsIn } from './parse-address'
export { type PlaylistOrigin, readPlaylist } from './playlist'
export { type CatchUpRule, readCatchUpRule } from './playlist-catch-up'
export { readPlaylistKeys } from './playlist-keys'
export { getConnectionLimit } from './pool'
export {
  createProvider,
  deleteProvider,
  listProviders,
  listVisibleProviders,
  requireChangeableProvider,
  requireVisibleProvider,
  updateProvider,
  type VisibleProvider,
} from './providers'
export { rotateSecrets } from './rotate-store'
export { fetchNow, recallNow, type ShortProgramme } from './short-guide'
export { askNowBehind } from './short-guide-behind'
export { listDue as listDueProviders, noteRefreshed, noteStatus } from './store'
export { entryId, playlistKeys, type StreamAddress, type StreamSource, sealEntry, streamAddress } from './stream-address'
export { momentsAt, type ProviderClock } from './wall-clock'
export { getProviderForWork, type ProviderForWork, refreshAccountStatus, toLogin, toPlaylistOrigin } from './work'
export {
  fetchDocument,
  fetchMovieInfo,
  fetchSeriesInfo,
  type ListAction,
  providerNetworks,
  signInAt,
  streamList,
  type XtreamLogin,
} from './xtream'
