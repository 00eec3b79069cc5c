import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Viewer } from '@/lib/accounts/schema'
import type { ImportView } from '@/lib/catalogue/schema'
import { importNow } from './catalogue-steps'

export interface ImportFigures {
  seconds: number
  /** Highest resident memory of this process meanwhile, and before. Megabytes. */
  peakMb: number
  startMb: number
  heapMb: number
  externalMb: number
  /** Longest and 99th percentile of a small query that another connection makes every 20 ms. Milliseconds. */
  queryP99: number
  queryMax: number
  run: ImportView
}

export interface ScriptedProvider {
  url: string
  port: number
  end(): void
}

/** The scripted provider in a process of its own, so that its work and memory are not ours. */
export async function spawnProvider(): Promise<ScriptedProvider> {
  const file = fileURLToPath(new URL('../fakes/provider/index.ts', import.meta.url))
  const code = `const { startProvider } = await import(${JSON.stringify(file)}); const p = await startProvider({ mediaDir: '/tmp' }); console.log(p.url)`
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (!child.stdout) throw new Error('no output')
  for await (const url of createInterface({ input: child.stdout })) {
    return { url, port: Number(new URL(url).port), end: () => child.kill() }
  }
  throw new Error('the provider did not start')
}

/** Imports a provider here and now, and says how long it took, what it held, and how the database answered meanwhile. */
export async function measureImport(viewer: Viewer, providerId: number): Promise<ImportFigures> {
  const { pool } = await import('@/lib/platform/db')
  const startMb = process.memoryUsage().rss / 1_048_576
  let peakMb = startMb
  let heapMb = 0
  let externalMb = 0
  const times: number[] = []
  const memory = setInterval(() => {
    const { rss, heapTotal, external } = process.memoryUsage()
    peakMb = Math.max(peakMb, rss / 1_048_576)
    heapMb = Math.max(heapMb, heapTotal / 1_048_576)
    externalMb = Math.max(externalMb, external / 1_048_576)
  }, 50)
  const probe = setInterval(() => {
    const began = performance.now()
    pool()
      .query('SELECT id FROM item WHERE owner_id IS NULL ORDER BY sort_name LIMIT 20')
      .then(() => times.push(performance.now() - began))
      .catch(() => undefined)
  }, 20)
  const began = performance.now()
  try {
    const run = await importNow(viewer, providerId)
    const seconds = (performance.now() - began) / 1_000
    times.sort((a, b) => a - b)
    const queryP99 = times[Math.floor(times.length * 0.99)] ?? 0
    return { seconds, peakMb, startMb, heapMb, externalMb, queryP99, queryMax: times.at(-1) ?? 0, run }
  } finally {
    clearInterval(memory)
    clearInterval(probe)
  }
}
