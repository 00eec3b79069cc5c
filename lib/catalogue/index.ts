import 'server-only'

export { createBouquet, deleteBouquet, listBouquets, updateBouquet } from './bouquets'
export { listCategories, listGenres, listItems } from './browse-store'
export { type ProviderContents, providerContents } from './contents-store'
export { findDeepestArchive, findGuideChannels, type GuideChannel, listGuideChannels } from './guide-channel-store'
export { type GuideRow, listChannelIds, listGuideRows } from './guide-rows'
export { getHome, listHistory } from './home-store'
export { runImport, stopImport } from './import-run'
export { cancelImport, listImports, queueDueImports, queueImport, recoverImports, startImport } from './imports'
export { getItem } from './item-page'
export {
  findPicture,
  findPictureForApps,
  type ItemRow,
  listChannelSources,
  listSources,
  noteSourceResult,
  requireInLineUp,
  type SourceRecord,
} from './item-store'
export { catalogueJobs } from './jobs'
export {
  type ListedCategory,
  type ListedEpisode,
  type ListedItem,
  listCategoriesForApps,
  listEpisodesForApps,
  listForApps,
} from './line-list-store'
export { getLineUp, type LineUp } from './line-up'
export { fold, toMatchKey, toSortName } from './match-key'
export { findTwins, mergeItems, requireChangeableItem, splitSource } from './merge-items-store'
export { listNow } from './now'
export { pictureVersion } from './picture-address'
export { toSafePicture } from './safe-picture'
export { search } from './search'
export { type ImportSession, openSession } from './stage-store'
export { getTaste, type Taste } from './taste-store'
export { getTitleForApps, type TitleForApps } from './title-for-apps'
