import { join } from 'node:path'
import { buildServiceWorker } from './service-worker.mjs'
import { packStaticFiles } from './static-files.mjs'
import { pathEnv, pinnedNode, root, run } from './steps.mjs'

const distDir = join(root, process.env.NEXT_DIST_DIR ?? '.next')
// A NODE_ENV other than production makes Next mix two builds of React.
await run(pinnedNode, ['node_modules/next/dist/bin/next', 'build'], { env: { ...pathEnv(), NODE_ENV: 'production' } })
packStaticFiles(distDir)
await buildServiceWorker(distDir)
