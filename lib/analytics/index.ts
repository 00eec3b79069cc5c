import 'server-only'

export { keepClientData, noteClientData } from './client-data'
export { qualityJobs } from './jobs'
export { readQuality, readQualityDetail, recordQuality, watchQuality } from './quality'
