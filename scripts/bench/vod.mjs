// Films in Chromium: from the click on Play inside the app, and from a seek, to the first new frame; what repacking costs the server.
import { execFileSync } from 'node:child_process'
import { createReadStream, existsSync, renameSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clickPlay, jump } from '../../tests/e2e/film-checks.ts'
import { openScreen } from './screen.mjs'
import { cpuSeconds } from './stream-world.mjs'
import { address, call, PORT, percentile, sleep, startWorld } from './world.mjs'

const ORIGIN_PORT = PORT + 5
const origin = `http://127.0.0.1:${ORIGIN_PORT}`
const SECONDS = 300
const TRIES = 10
const DEADLINE_MS = 15_000
const ffmpeg = args =>
  execFileSync(process.env.FFMPEG_PATH ?? 'ffmpeg', ['-hide_banner', '-loglevel', 'error', '-y', ...args.split(' ')])
const films = [
  { file: 'plain.mp4', say: 'MP4 as it is', args: '-c copy -movflags +faststart' },
  { file: 'repacked.mkv', say: 'MKV, repacked', args: '-c copy' },
  { file: 'sound.mkv', say: 'MKV, sound encoded', args: '-c:v copy -c:a ac3' },
]

const pathOf = file => join(tmpdir(), `watchtheflix-bench-vod-${file}`)

/** Five minutes of 720p at 2 Mbit/s, a key frame every two seconds. */
function makeFilms() {
  const clip = pathOf('clip.mkv')
  const make = (target, args) => {
    if (existsSync(target)) return
    const draft = target.replace('vod-', `vod-${process.pid}-`)
    ffmpeg(`${args} ${draft}`)
    renameSync(draft, target)
  }
  const video = '-c:v libx264 -preset ultrafast -b:v 2M -maxrate 2M -bufsize 2M -g 50 -sc_threshold 0 -pix_fmt yuv420p -c:a aac'
  make(clip, `-f lavfi -i testsrc2=size=1280x720:rate=25,noise=alls=8:allf=t -f lavfi -i sine=440:r=48000 -t 20 ${video}`)
  for (const { file, args } of films) make(pathOf(file), `-stream_loop ${SECONDS / 20 - 1} -i ${clip} ${args}`)
}

/** A provider's files, with ranges. */
function serveFilms() {
  const server = createServer((request, response) => {
    if (request.url === '/') {
      response.writeHead(200, { 'content-type': 'text/html' }).end(barePage)
      return
    }
    const file = pathOf(request.url.slice(1))
    if (!existsSync(file)) {
      response.writeHead(404).end()
      return
    }
    const { size } = statSync(file)
    const [, from = '0', to = ''] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? []
    const [start, end] = [Number(from), to === '' ? size - 1 : Math.min(Number(to), size - 1)]
    const range = request.headers.range === undefined ? {} : { 'content-range': `bytes ${start}-${end}/${size}` }
    const type = file.endsWith('mp4') ? 'video/mp4' : 'video/x-matroska'
    response.writeHead('content-range' in range ? 206 : 200, {
      ...range,
      'content-type': type,
      'content-length': end - start + 1,
    })
    const body = createReadStream(file, { start, end })
    response.on('close', () => body.destroy())
    body.pipe(response)
  })
  return new Promise(done => server.listen(ORIGIN_PORT, '127.0.0.1', () => done(server)))
}

async function listFilms(cookie) {
  const entries = films.map(({ file }) => `#EXTINF:-1,${file.replace('.', ' ')}\n${origin}/${file}`)
  const body = { kind: 'm3u', name: 'Films', playlistText: ['#EXTM3U', ...entries].join('\n') }
  await call('POST', '/api/providers', { cookie, body })
  for (let tries = 0; tries < 300; tries++) {
    const { items } = await call('GET', '/api/items?kind=movie&limit=10', { cookie })
    if (items.length === films.length)
      return new Map(films.map(({ file }) => [file, items.find(({ name }) => name.includes(file.split('.')[0])).id]))
    await sleep(100)
  }
  throw new Error('the films were not listed')
}

const places = Array.from({ length: TRIES }, (_, n) => 17 + ((n * 131) % (SECONDS - 30)))

async function seekAround(page) {
  const times = []
  for (const place of places) {
    times.push((await jump(page, place)).ms)
    await sleep(700)
  }
  return times
}

/** The first time the server has never seen the film; after that it knows it, as with any film that somebody has opened before. */
async function inTheApp(page, id) {
  const starts = []
  for (let n = 0; n < TRIES; n++) {
    starts.push(await clickPlay(page, id, DEADLINE_MS))
    await sleep(500)
  }
  return { first: starts[0], starts, seeks: await seekAround(page) }
}

/** A page with nothing but the file. It comes from the file's own server: others may not call this machine's addresses. */
const barePage = `<link rel="icon" href="data:,"><button>Play</button><script>
  document.querySelector('button').onclick = () => {
    const began = performance.now()
    const video = document.createElement('video')
    video.src = '/plain.mp4'
    video.autoplay = true
    window.started = new Promise(done => video.requestVideoFrameCallback(() => done(performance.now() - began)))
    document.body.append(video)
  }</script>`

async function onItsOwn(page) {
  const starts = []
  for (let n = 0; n < TRIES; n++) {
    await page.goto(`${origin}/`)
    await page.getByRole('button').click()
    starts.push(await Promise.race([page.evaluate(() => window.started), sleep(DEADLINE_MS).then(() => Number.NaN)]))
  }
  return { starts, seeks: await seekAround(page) }
}

/** CPU seconds of the server for an hour of this film, read as fast as it comes. */
async function costOf(world, itemId) {
  const capabilities = { video: ['h264'], audio: ['aac'], containers: ['mp4'] }
  const { url, mode, sessionId } = await call('POST', '/api/playback', { cookie: world.cookie, body: { itemId, capabilities } })
  const read = async path => {
    const answer = await fetch(address + path)
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
    return mode === 'file' ? answer.body.pipeTo(new WritableStream()) : answer.text()
  }
  const folder = url.slice(0, url.lastIndexOf('/') + 1)
  const rows = text => text.split('\n').filter(line => line !== '' && !line.startsWith('#'))
  const before = cpuSeconds(world.app.pid)
  if (mode === 'file') await read(url)
  else {
    await read(url)
    for (const name of ['v', 'a0']) for (const row of rows(await read(`${folder}${name}.m3u8`))) await read(folder + row)
  }
  const cpu = cpuSeconds(world.app.pid) - before
  await call('POST', `/api/playback/${sessionId}/close`, {
    cookie: world.cookie,
    body: { positionSeconds: 0, durationSeconds: 0 },
  }).catch(() => {})
  return (cpu * 3_600) / SECONDS
}

export async function measure() {
  makeFilms()
  const server = await serveFilms()
  const world = await startWorld({ upstreams: [`127.0.0.1:${ORIGIN_PORT}`] })
  const { browser, page } = await openScreen()
  try {
    const ids = await listFilms(world.cookie)
    const plain = await onItsOwn(page)
    const rows = []
    for (const { file, say } of films) {
      const { first, starts, seeks } = await inTheApp(page, ids.get(file))
      rows.push(rowOf(`${say}: the first click ever`, first, { bare: plain.starts[0], goal: null }))
      rows.push(
        rowOf(`${say}: click to picture, p50`, percentile(starts, 0.5), { bare: percentile(plain.starts, 0.5), goal: 800 }),
      )
      rows.push(rowOf(`${say}: seek to picture, p50`, percentile(seeks, 0.5), { bare: percentile(plain.seeks, 0.5), goal: 800 }))
    }
    await page.close()
    const whole = await costOf(world, ids.get('plain.mp4'))
    const cut = await costOf(world, ids.get('repacked.mkv'))
    const reference = `${whole.toFixed(1)} s as a whole file`
    rows.push({
      name: 'repacking an hour of 2 Mbit/s',
      value: cut,
      unit: 'CPU s',
      reference,
      ratio: cut / whole,
      goal: '< 36 (1 %)',
      ok: cut < 36,
    })
    return rows
  } finally {
    await browser.close()
    await world.end()
    server.close()
  }
}

const rowOf = (name, value, { bare, goal }) => ({
  name,
  value,
  unit: 'ms',
  reference: `${bare.toFixed(0)} ms, a bare page`,
  ratio: value / bare,
  goal: goal === null ? '' : `< ${goal} ms`,
  ok: goal === null ? null : value < goal,
})
