// npm run test:clients: clients that others wrote (players, XMLTV tools, curl, hls.js) against the gateway.
import { endWith, ensureClient, ensurePackages, ensureProgram, MissingPiece, pinnedNode, run, step } from './steps.mjs'

const programs = [
  ['ffmpeg', 'ffmpeg'],
  ['chromium', 'chromium'],
  ['curl', 'curl'],
  ['mpv', 'mpv'],
  // Without the plugins VLC starts and plays nothing; `cvlc` comes with vlc-bin.
  ['cvlc', 'vlc-bin', 'vlc-plugin-base'],
  ['streamlink', 'streamlink'],
  ['tv_validate_file', 'xmltv-util'],
  ['xmllint', 'libxml2-utils'],
]

try {
  await ensurePackages()
  await ensureClient()
  for (const [command, ...packages] of programs) await ensureProgram(command, ...packages)
} catch (error) {
  endWith(error instanceof MissingPiece ? error : new Error(`The clients could not be prepared: ${error.message}`))
}

const vitest = (project, ...files) => [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--reporter=verbose',
  '--project',
  project,
  ...files,
]

try {
  await step('npm clients', () => run(pinnedNode, vitest('integration', 'tests/integration/clients-npm.test.ts')))
  await step('Programs', () => run(pinnedNode, vitest('clients', ...process.argv.slice(2))))
} catch (error) {
  endWith(new Error(`Not every client was content: ${error.message}`))
}
process.stdout.write('\nclients: all passed\n')
