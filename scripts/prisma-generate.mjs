// `prisma generate` wants to download an engine it does not need; any executable in its place keeps it off the network.
import { spawnSync } from 'node:child_process'

const env = {
  ...process.env,
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  CHECKPOINT_DISABLE: '1',
}
const { status } = spawnSync(process.execPath, ['node_modules/prisma/build/index.js', 'generate', '--no-hints'], {
  env,
  stdio: ['ignore', 'ignore', 'inherit'],
})
process.exit(status ?? 1)
