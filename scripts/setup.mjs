// Everything the project needs to run on this machine. Does nothing that is already done.
import { endWith, ensureClient, ensurePackages, ensureProgram } from './steps.mjs'

try {
  await ensurePackages()
  await ensureClient()
  await ensureProgram('ffmpeg', 'ffmpeg')
  process.stdout.write('\nReady. `npm start` runs the server, `npm run demo` shows it with a demo provider.\n')
} catch (error) {
  endWith(error)
}
