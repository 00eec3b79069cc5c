import 'server-only'

export { addGuideSource, cancelGuideSource, changeGuideSource, removeGuideSource, startGuideSource } from './added-sources'
export { type Airing, type AiringAnswer, listAiringsByTitle } from './airings'
export { decideGuide, listMatches, searchGuideChannels } from './decisions'
export { listForYou } from './for-you'
export {
  findNowNext,
  type GuidePiece,
  type GuideWindow,
  listAllProgrammes,
  listProgrammes,
  type NowNext,
  streamGuide,
} from './guide'
export type { GuideRef } from './guide-store'
export { findGuideWindow, getProgramme, listGuideRowIds } from './guide-window'
export { importGuide, stopGuide } from './import-guide'
export { guideJobs } from './jobs'
export { matchGuides } from './match-guides'
export { queueMatchOfProvider, queueMatchOfSource } from './match-job'
export { listNow } from './now'
export { findOwnMatchVersion } from './own-match-store'
export { findProgrammeAt, type ProgrammeAt, type ProgrammeSpan } from './programme-at'
export { findSourceScope } from './scope-store'
export { searchProgrammes } from './search-programmes'
export { findGuideVersion } from './source-store'
export { cancelGuide, listGuideSources, queueDueGuides, queueGuide, startGuide } from './sources'
export { queueTitles } from './titles'
export { followGuide } from './told'
export {
  escapeXml,
  type WrittenChannel,
  type WrittenProgramme,
  xmltvChannel,
  xmltvFooter,
  xmltvHeader,
  xmltvProgramme,
} from './write-xmltv'
