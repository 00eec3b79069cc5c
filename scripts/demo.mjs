// npm run demo: from a bare machine to a moving picture.
import { spawn } from 'node:child_process'
import { endWith, ensureBuild, ensureClient, ensurePackages, ensureProgram, pathEnv, pinnedNode } from './steps.mjs'

try {
  await ensurePackages()
  await ensureProgram('ffmpeg', 'ffmpeg')
  await ensureClient()
  await ensureBuild()
  const child = spawn(pinnedNode, ['scripts/demo-run.mjs'], { env: pathEnv(), stdio: 'inherit' })
  // Ctrl-C reaches the child by itself; this process only waits until everything has ended.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signal === 'SIGTERM' && child.kill(signal))
  child.once('exit', code => process.exit(code ?? 0))
} catch (error) {
  endWith(error)
}
