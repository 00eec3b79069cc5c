import 'server-only'

export { keepClientData, noteClientData } from './client-data'
export { qualityJobs } from './jobs'
export { readQuality, recordQuality, watchQuality } from './quality'
