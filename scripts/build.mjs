import { pathEnv, pinnedNode, run } from './steps.mjs'

// A NODE_ENV other than production makes Next mix two builds of React.
await run(pinnedNode, ['node_modules/next/dist/bin/next', 'build'], { env: { ...pathEnv(), NODE_ENV: 'production' } })
