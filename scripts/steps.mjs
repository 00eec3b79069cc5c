// What has to be on the machine before the project runs. Only Node's own modules: this is read before anything is installed.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
const bin = join(root, 'node_modules', '.bin')
/** The Node the project is pinned to; there after `ensurePackages`. */
export const pinnedNode = join(bin, process.platform === 'win32' ? 'node.cmd' : 'node')

export const pathEnv = () => ({
  ...process.env,
  PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
  NEXT_TELEMETRY_DISABLED: '1',
})

/** Tells a person that something is missing and which command gets it. */
export class MissingPiece extends Error {}

/** Runs a command with its output shown; rejects when it fails. */
export function run(file, args, { env = pathEnv(), quiet = false } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(file, args, { cwd: root, env, stdio: ['ignore', quiet ? 'ignore' : 'inherit', 'inherit'] })
    child.once('error', fail)
    child.once('exit', code =>
      code === 0 ? done() : fail(new Error(`${[file, ...args].join(' ').replace(root, '')} ended with code ${code}`)),
    )
  })
}

/** Says what is going on, and how long it took. */
export async function step(title, work) {
  const began = Date.now()
  process.stdout.write(`\n▸ ${title}\n`)
  const result = await work()
  process.stdout.write(`  done in ${((Date.now() - began) / 1000).toFixed(1)} s\n`)
  return result
}

const onPath = name => spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).status === 0
const fingerprint = parts => createHash('sha256').update(parts.join('\0')).digest('hex')
const stampIs = (file, value) => existsSync(file) && readFileSync(file, 'utf8') === value

export async function ensurePackages() {
  const stamp = join(root, 'node_modules', '.setup-stamp')
  const wanted = fingerprint([readFileSync(join(root, 'package-lock.json'), 'utf8')])
  if (stampIs(stamp, wanted) && existsSync(pinnedNode)) return
  await step('Installing packages', async () => {
    // Not `npm ci`: it refuses a lock file without the optional packages of platforms that a registry does not serve.
    // This obeys the lock file just the same and never writes it.
    await run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'])
    writeFileSync(stamp, wanted)
  })
}

/** Makes sure a Debian program is there: installs its packages when we may, otherwise says how. */
export async function ensureProgram(command, ...debianPackages) {
  if (onPath(command)) return
  const isRoot = process.getuid?.() === 0
  if (!isRoot || !onPath('apt-get')) {
    throw new MissingPiece(
      `${command} is missing. Install it with: ${isRoot ? '' : 'sudo '}apt-get install -y ${debianPackages.join(' ')}`,
    )
  }
  await step(`Installing ${command} (Debian package ${debianPackages.join(', ')})`, async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const install = () =>
      run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...debianPackages], { env, quiet: true })
    await install().catch(async () => {
      await run('apt-get', ['update', '-qq'], { env, quiet: true })
      await install()
    })
  })
}

export async function ensureClient() {
  const stamp = join(root, 'lib', 'generated', '.stamp')
  const wanted = fingerprint([
    readFileSync(join(root, 'prisma', 'schema.prisma'), 'utf8'),
    readFileSync(join(root, 'package-lock.json'), 'utf8'),
  ])
  if (stampIs(stamp, wanted)) return
  await step('Generating the database client', () => run(pinnedNode, ['scripts/prisma-generate.mjs']))
  writeFileSync(stamp, wanted)
}

function* sourceFiles(folder) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* sourceFiles(path)
    else if (!/\.test\.tsx?$/.test(entry.name)) yield path
  }
}

const SOURCES = ['app', 'components', 'lib', 'prisma', 'public']
const SINGLE = [
  'package-lock.json',
  'next.config.mjs',
  'tsconfig.json',
  'postcss.config.mjs',
  'instrumentation.ts',
  'scripts/build.mjs',
  'scripts/service-worker.mjs',
  'scripts/static-files.mjs',
]
// Written by the build itself.
const PRODUCTS = new Set(['public/sw.js', 'lib/generated/.stamp'])

/** Builds when a source changed since the last build in this folder. */
export async function ensureBuild() {
  const distDir = process.env.NEXT_DIST_DIR ?? '.next'
  const stamp = join(root, distDir, 'build-stamp')
  const files = [...SOURCES.flatMap(folder => [...sourceFiles(folder)]), ...SINGLE].filter(
    file => !PRODUCTS.has(file) && statSync(join(root, file)).isFile(),
  )
  const wanted = fingerprint(
    files
      .sort()
      .flatMap(file => [file, readFileSync(join(root, file))])
      .map(String),
  )
  if (stampIs(stamp, wanted)) return
  await step('Building', () => run(pinnedNode, ['scripts/build.mjs']))
  writeFileSync(stamp, wanted)
}

/** Ends with a sentence instead of a stack when a piece is missing. */
export function endWith(error) {
  process.stderr.write(`\n✗ ${error instanceof Error ? error.message : error}\n`)
  process.exit(1)
}
