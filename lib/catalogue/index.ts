import 'server-only'

export { runImport, stopImport } from './import-run'
export { cancelImport, listImports, queueDueImports, queueImport, recoverImports, startImport } from './imports'
export { catalogueJobs } from './jobs'
