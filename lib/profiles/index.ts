import 'server-only'

export { isBedtime, readBedtime } from './bedtime'
export {
  deleteHistory,
  findResumePoint,
  getProfile,
  listHiddenProviders,
  recordProgress,
  requireMayWatch,
  setFavourite,
  setProviderShown,
  updateBedtime,
  updateProfile,
} from './store'
