import 'server-only'

export { qualityJobs } from './jobs'
export { readQuality, recordQuality, watchQuality } from './quality'
