import 'server-only'

export {
  deleteHistory,
  findResumePoint,
  getProfile,
  listHiddenProviders,
  recordProgress,
  setFavourite,
  setProviderShown,
  updateProfile,
} from './store'
