import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TEST_MEDIA } from '../test-media'

// Making the demo pictures for the first time takes most of it on a busy machine.
const READY_DEADLINE_MS = 300_000
const STOP_DEADLINE_MS = 30_000

export interface Running {
  address: string
  dataDir: string
  process: ChildProcess
  /** Everything it printed so far. */
  output(): string
  /** Resolves with the exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

export const newDataDir = () => mkdtempSync(join(tmpdir(), 'watchtheflix-e2e-'))
export const removeDataDir = (dataDir: string) => rmSync(dataDir, { recursive: true, force: true })

/** Starts the production build on a port of its own and waits until it is ready. */
export async function startServer(options: { port: number; dataDir: string; env?: Record<string, string> }): Promise<Running> {
  const address = `http://localhost:${options.port}`
  const env = {
    NODE_ENV: 'production',
    ROLE: 'all',
    HOST: '127.0.0.1',
    PORT: String(options.port),
    PUBLIC_URL: address,
    DATA_DIR: options.dataDir,
    DATABASE_URL: '',
    LOG_LEVEL: 'info',
    ...options.env,
  }
  const running = launch(['server.mjs'], env)
  await until(running, async () => (await fetch(`${address}/health/ready`)).ok)
  return { ...running, address, dataDir: options.dataDir }
}

/** `npm run dev` on a port of its own. Pages are compiled when they are first asked for. */
export async function startDevelopment(options: { port: number; dataDir: string }): Promise<Running> {
  const address = `http://localhost:${options.port}`
  const env = { PORT: String(options.port), PUBLIC_URL: address, DATA_DIR: options.dataDir, DATABASE_URL: '', ROLE: 'all' }
  const running = launch(['scripts/dev.mjs'], env)
  await until(running, async () => (await fetch(`${address}/health/ready`)).ok)
  return { ...running, address, dataDir: options.dataDir }
}

/** Starts the scripted provider; the first time on a machine it paints its pictures. */
export async function startProvider(port: number): Promise<Pick<Running, 'process' | 'output' | 'end'>> {
  const running = launch(['tests/fakes/provider/main.ts', '--port', String(port), '--media', TEST_MEDIA], {})
  await until(running, async () => (await fetch(`http://127.0.0.1:${port}/__stats`)).ok)
  return running
}

function launch(args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', part => {
      text += part
    })
  }
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const ended = new Promise<number | null>(done => child.once('exit', code => done(code)))
    child.kill(signal)
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS)
    return ended.finally(() => clearTimeout(timer))
  }
  return { process: child, output: () => text, end }
}

async function until(running: Pick<Running, 'process' | 'output'>, isReady: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + READY_DEADLINE_MS
  while (Date.now() < deadline) {
    if (running.process.exitCode !== null) throw new Error(`It ended with code ${running.process.exitCode}:\n${running.output()}`)
    if (await isReady().catch(() => false)) return
    await new Promise(done => setTimeout(done, 200))
  }
  throw new Error(`It was not ready within ${READY_DEADLINE_MS / 1000} s:\n${running.output()}`)
}
