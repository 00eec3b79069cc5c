// Requests at random to everything that apps call: with and without a line, with what is there and what is not.
import http from 'node:http'
import { address, call, PORT, residentMb } from '../bench/world.mjs'

const scraps = [
  '',
  '0',
  '-1',
  '1e309',
  'NaN',
  '%00',
  '%ff',
  '%',
  '../',
  '..%2f',
  '__proto__',
  "'--",
  '<x>',
  'é',
  '\u{1f4fa}',
  '2147483648',
  'a'.repeat(300),
  '[]',
  '&&',
  '=',
  '+',
  ' ',
  '?',
  '#',
]
const names = [
  'username',
  'password',
  'action',
  'category_id',
  'stream_id',
  'vod_id',
  'series_id',
  'limit',
  'type',
  'output',
  'start',
  'duration',
  'stream',
  'params[offset]',
]
const actions = [
  'get_live_streams',
  'get_vod_streams',
  'get_series',
  'get_vod_info',
  'get_series_info',
  'get_short_epg',
  'get_simple_data_table',
  'get_live_categories',
  'nothing',
]
const files = ['/player_api.php', '/panel_api.php', '/get.php', '/xmltv.php', '/streaming/timeshift.php']
const folders = ['/live', '/movie', '/series', '/timeshift', '/timeshifts', '/hls/live', '/hls/hls', '/images', '']

/** The same requests for the same seed. `there`: ids of things that the line sees. */
export function randomRequests(seed, line, there) {
  const random = seeded(seed)
  const pick = list => list[Math.floor(random() * list.length)]
  // What is there is asked for as well: what goes wrong goes wrong behind the first look.
  const value = () => pick(random() < 0.4 ? scraps : random() < 0.5 ? there : actions)
  const make = () => {
    const good = random() < 0.4
    if (random() < 0.6) {
      const pairs = Array.from({ length: 1 + Math.floor(random() * 4) }, () => `${pick(names)}=${value()}`)
      return `${pick(files)}?${good ? `${line.query}&` : ''}${pairs.join('&')}`
    }
    const rest = Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(scraps) || '1')
    return `${pick(folders)}/${good ? `${line.path}/` : ''}${rest.join('/')}${pick(['', '.ts', '.m3u8', '.mp4', '.php'])}`
  }
  return () => ({
    path: make().replace(/[^\u0021-\u007e]/gu, character => encodeURIComponent(character)),
    method: pick(['GET', 'GET', 'GET', 'POST', 'HEAD']),
  })
}

/** Mulberry32: the same requests in every run. */
function seeded(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const ROUND = 10_000
const AT_A_TIME = 50

/** Each from another address: guessing is throttled like everywhere, and all are to be answered. */
function send({ path, method }, n) {
  const localAddress = `127.1.${Math.floor(n / 250) % 250}.${1 + (n % 250)}`
  return new Promise((done, fail) => {
    const request = http.request({ host: '127.0.0.1', port: PORT, path, method, localAddress, agent: false }, response => {
      let bytes = 0
      response.on('data', part => {
        bytes += part.length
        if (bytes > 200_000) response.destroy()
      })
      response.on('error', () => {})
      response.on('close', () => done(response.statusCode))
    })
    request.on('error', fail)
    request.end()
  })
}

const random = {
  promise: '10,000 random requests, four times: alive, no answer of 500 and above, memory flat',
  inject: async world => {
    const made = await call('POST', '/api/lines', { cookie: world.cookie, body: { name: 'Random', maxConnections: 50 } })
    const [username, password] = [made.line.username, made.password]
    const line = { query: `username=${username}&password=${password}`, path: `${username}/${password}` }
    const firstOf = async (action, name) =>
      String((await call('GET', `/player_api.php?${line.query}&action=${action}`))[0]?.[name])
    const there = [
      await firstOf('get_live_streams', 'stream_id'),
      await firstOf('get_vod_streams', 'stream_id'),
      await firstOf('get_series', 'series_id'),
    ]
    const next = randomRequests(20_261_123, line, there)
    const statuses = new Map()
    const rounds = []
    for (let round = 0; round < 4; round++) {
      for (let n = 0; n < ROUND; n += AT_A_TIME) {
        const sent = Array.from({ length: AT_A_TIME }, (_, k) => send(next(), n + k))
        for (const status of await Promise.all(sent)) statuses.set(status, (statuses.get(status) ?? 0) + 1)
      }
      rounds.push(residentMb(world.app.pid))
    }
    const failed = [...statuses].filter(([status]) => status >= 500)
    const isAlive = (await fetch(`${address}/health/ready`)).ok
    const told = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${count} x ${status}`)
    return {
      measured: `${told.join(', ')}; memory after each ${rounds.map(mb => mb.toFixed(0)).join(', ')} MB, alive ${isAlive}`,
      // What is filled once is filled by the first ones; what leaks goes on growing.
      ok: isAlive && failed.length === 0 && rounds[3] <= 1.1 * rounds[1] && statuses.get(200) > 1_000,
    }
  },
}

export const faults = { RAND: random }
