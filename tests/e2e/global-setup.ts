import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { address, mailPort, oidcPort, providerPort } from './world'

const READY_DEADLINE_MS = 90_000
const STOP_DEADLINE_MS = 30_000

/** Starts the scripted provider and the built server on an empty database; returns what ends them. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'watchtheflix-e2e-'))
  const media = join(tmpdir(), 'watchtheflix-test-media')
  const provider = launch(['tests/fakes/provider/main.ts', '--port', String(providerPort), '--media', media], {})
  await until(provider, 'the provider', async () => (await fetch(`http://127.0.0.1:${providerPort}/__stats`)).ok)
  const app = launch(['server.mjs'], {
    NODE_ENV: 'production',
    ROLE: 'all',
    HOST: '127.0.0.1',
    PORT: new URL(address).port,
    PUBLIC_URL: address,
    DATA_DIR: dataDir,
    DATABASE_URL: '',
    LOG_LEVEL: 'warn',
    LOOPBACK_UPSTREAMS: `127.0.0.1:${providerPort}`,
    SMTP_URL: `smtp://127.0.0.1:${mailPort}`,
    OIDC_ISSUER: `http://127.0.0.1:${oidcPort}`,
    OIDC_CLIENT_ID: 'watchtheflix',
    OIDC_CLIENT_SECRET: 'shared with the fake',
  })
  await until(app, 'the app', async () => (await fetch(`${address}/health/ready`)).ok)
  return async () => {
    await Promise.all([end(app), end(provider)])
    rmSync(dataDir, { recursive: true, force: true })
  }
}

function launch(args: string[], env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit'] })
}

async function until(child: ChildProcess, name: string, isReady: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + READY_DEADLINE_MS
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`${name} ended with code ${child.exitCode}`)
    if (await isReady().catch(() => false)) return
    await new Promise(done => setTimeout(done, 200))
  }
  throw new Error(`${name} was not ready within ${READY_DEADLINE_MS / 1000} s`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise<void>(done => child.once('exit', () => done()))
  child.kill('SIGTERM')
  await Promise.race([ended, new Promise(done => setTimeout(done, STOP_DEADLINE_MS))])
  child.kill('SIGKILL')
}
