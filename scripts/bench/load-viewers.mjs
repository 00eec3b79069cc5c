// Viewers of raw transport stream, in one process on plain sockets. Takes JSON as its argument, prints JSON at the end.
import { connect } from 'node:net'

/** `seconds` are counted once all have been there for `settle` seconds; `rate` viewers arrive a second. */
const { port, paths, count, seconds, rate, settle = 0 } = JSON.parse(process.argv[2])
const GAP_MS = 1_000
const viewers = []
let isCounting = false

function join(path) {
  const viewer = { startedAt: performance.now(), firstAt: null, lastAt: null, bytes: 0, longest: 0, isGone: false }
  const socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost:${port}\r\nconnection: close\r\n\r\n`)
  let head = ''
  let isBody = false
  socket.on('data', chunk => {
    const now = performance.now()
    let length = chunk.length
    if (!isBody) {
      head += chunk.toString('latin1')
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      if (!head.startsWith('HTTP/1.1 200')) return socket.destroy()
      isBody = true
      length = head.length - end - 4
    }
    if (length === 0) return
    viewer.firstAt ??= now
    if (isCounting) {
      viewer.bytes += length
      viewer.longest = Math.max(viewer.longest, now - Math.max(viewer.lastAt ?? now, countingSince))
    }
    viewer.lastAt = now
  })
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    viewer.isGone = true
  })
  viewers.push({ viewer, socket })
}

const sleep = ms => new Promise(done => setTimeout(done, ms))
const percentile = (values, share) => values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0
let countingSince = 0
const began = performance.now()
while (viewers.length < count) {
  const due = Math.min(count, Math.ceil(((performance.now() - began) / 1_000) * rate) + 1)
  while (viewers.length < due) join(paths[viewers.length % paths.length])
  await sleep(10)
}
const deadline = performance.now() + 60_000
while (performance.now() < deadline && viewers.some(({ viewer }) => viewer.firstAt === null && !viewer.isGone)) await sleep(50)
await sleep(settle * 1_000)
process.stdout.write('counting\n')
isCounting = true
countingSince = performance.now()
const cpuBefore = process.cpuUsage()
await sleep(seconds * 1_000)
isCounting = false
const now = performance.now()
const cpu = process.cpuUsage(cpuBefore)
for (const { viewer } of viewers) if (viewer.lastAt !== null) viewer.longest = Math.max(viewer.longest, now - viewer.lastAt)
const all = viewers.map(({ viewer }) => viewer)
const first = all.filter(({ firstAt }) => firstAt !== null).map(({ firstAt, startedAt }) => firstAt - startedAt)
const result = {
  asked: count,
  held: all.filter(({ isGone, firstAt }) => !isGone && firstAt !== null).length,
  gaps: all.filter(({ longest }) => longest > GAP_MS).length,
  longestMs: percentile(
    all.map(({ longest }) => longest),
    0.999,
  ),
  bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
  seconds: (now - countingSince) / 1_000,
  firstMs: { p50: percentile(first, 0.5), p95: percentile(first, 0.95), p99: percentile(first, 0.99) },
  cpuSeconds: (cpu.user + cpu.system) / 1e6,
}
process.stdout.write(`${JSON.stringify(result)}\n`)
for (const { socket } of viewers) socket.destroy()
