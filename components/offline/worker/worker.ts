// The service worker, bundled into /service-worker.js by scripts/service-worker.mjs. Each part adds its own listeners, in
// the first run of the script: browsers accept no listeners later.
import { listenForNotices } from './notices'
import { answerWithoutNetwork } from './offline-page'
import { servePrecachedFiles } from './precache'
import { listenForTakeOver } from './take-over'

servePrecachedFiles()
answerWithoutNetwork()
listenForTakeOver()
listenForNotices()
