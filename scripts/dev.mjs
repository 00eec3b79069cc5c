import { spawn } from 'node:child_process'
import { endWith, ensureClient, ensurePackages, pathEnv, pinnedNode } from './steps.mjs'

try {
  await ensurePackages()
  await ensureClient()
  const child = spawn(pinnedNode, ['server.mjs'], {
    env: { ...pathEnv(), NODE_ENV: 'development', HOST: process.env.HOST ?? '127.0.0.1' },
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.once('exit', code => process.exit(code ?? 0))
} catch (error) {
  endWith(error)
}
