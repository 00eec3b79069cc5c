// The real server with channels that a source of our own sends, and viewers in a process of their own.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { root } from '../steps.mjs'
import { call, launch, PORT, sleep, startWorld, until } from './world.mjs'

export const ORIGIN_PORT = PORT + 4
const capabilities = { video: ['h264'], audio: ['aac'], containers: ['mp4'] }

/**
 * CPU seconds that the threads of this process have run, as the scheduler counts them: the ticks of /proc/PID/stat misjudge
 * short bursts that come with a timer.
 */
export function cpuSeconds(pid) {
  let nanoseconds = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0])
    } catch {
      // It has ended meanwhile.
    }
  }
  return nanoseconds / 1e9
}

/** A world with `channels` live channels of `kilobits` each. `open(n)` answers the address of the raw stream of one, `watch(n)` that of its page. */
export async function startStreamWorld({ channels, kilobits, folder = '' }) {
  const origin = launch(['scripts/bench/ts-origin.mjs', String(ORIGIN_PORT), String(kilobits)], {})
  const stats = async () => (await fetch(`http://127.0.0.1:${ORIGIN_PORT}/stats`)).json()
  await until(() => fetch(`http://127.0.0.1:${ORIGIN_PORT}/stats`))
  const world = await startWorld({ upstreams: [`127.0.0.1:${ORIGIN_PORT}`] })
  const { cookie } = world
  const entries = Array.from(
    { length: channels },
    (_, n) => `#EXTINF:-1,Channel ${n}\nhttp://127.0.0.1:${ORIGIN_PORT}/${folder}${n}.ts`,
  )
  const body = { kind: 'm3u', name: 'Streams', playlistText: ['#EXTM3U', ...entries].join('\n') }
  const { id } = await call('POST', '/api/providers', { cookie, body })
  let items = []
  for (let tries = 0; tries < 300 && items.length < channels; tries++) {
    await sleep(100)
    ;({ items } = await call('GET', `/api/items?kind=channel&limit=100&provider=${id}`, { cookie }))
  }
  const open = async n => {
    const { url } = await call('POST', '/api/playback', { cookie, body: { itemId: items[n].id, capabilities } })
    return `${url.slice(0, url.lastIndexOf('/'))}/live.ts`
  }
  const end = async () => {
    await world.end()
    origin.kill('SIGTERM')
  }
  const watch = n => `/watch/${items[n].id}`
  return { ...world, origin, stats, open, watch, end }
}

/** Runs viewers in their own process. Calls `onCounting` when all are there and `onCounted` at the end; answers what they saw. */
export function runViewers(plan, onCounting = () => {}, onCounted = () => {}) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('load-viewers.mjs', import.meta.url)), JSON.stringify(plan)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  let isCounted = false
  return new Promise((done, fail) => {
    child.stdout.on('data', chunk => {
      text += chunk
      if (chunk.includes('counting')) onCounting()
      // Thousands of sockets take a second to close: what is sent meanwhile nobody counts.
      if (chunk.includes('{') && !isCounted) onCounted()
      isCounted ||= chunk.includes('{')
    })
    child.once('error', fail)
    child.once('close', code => (code === 0 ? done(JSON.parse(text.split('\n')[1])) : fail(new Error('the viewers failed'))))
  })
}
