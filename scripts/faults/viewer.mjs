// A viewer of raw transport stream on a plain socket, who looks at every byte.
import { connect } from 'node:net'
import { PORT } from '../bench/world.mjs'

const PACKET = 188

export function startViewer(path, { host = '127.0.0.1', port = PORT } = {}) {
  const viewer = { status: 0, head: '', bytes: 0, firstByteAt: null, lastByteAt: null, gaps: [], misaligned: 0, closedAt: null }
  viewer.startedAt = performance.now()
  const socket = connect(port, host)
  viewer.socket = socket
  socket.on('error', () => socket.destroy())
  socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost:${port}\r\nconnection: close\r\n\r\n`)
  let rest = 0
  socket.on('data', chunk => {
    let body = chunk
    if (viewer.status === 0) {
      viewer.head += chunk.toString('latin1')
      const end = viewer.head.indexOf('\r\n\r\n')
      if (end < 0) return
      viewer.status = Number(viewer.head.slice(9, 12))
      body = Buffer.from(viewer.head.slice(end + 4), 'latin1')
      viewer.head = viewer.head.slice(0, end)
    }
    if (body.length === 0 || viewer.status !== 200) return
    noteArrival(viewer)
    for (let at = (PACKET - rest) % PACKET; at < body.length; at += PACKET) if (body[at] !== 0x47) viewer.misaligned++
    rest = (rest + body.length) % PACKET
    viewer.bytes += body.length
  })
  socket.once('close', () => {
    viewer.closedAt = performance.now()
  })
  viewer.leave = () => socket.destroy()
  return viewer
}

/** Gaps over a second: what a viewer with little in hand would see as a stop. */
function noteArrival(viewer) {
  const now = performance.now()
  viewer.firstByteAt ??= now
  if (viewer.lastByteAt !== null && now - viewer.lastByteAt > 1_000) viewer.gaps.push(now - viewer.lastByteAt)
  viewer.lastByteAt = now
}

export const waitFor = async (condition, ms = 30_000) => {
  const began = performance.now()
  while (!condition()) {
    if (performance.now() - began > ms) throw new Error(`not within ${ms} ms: ${condition}`)
    await new Promise(done => setTimeout(done, 10))
  }
  return performance.now() - began
}

export const seconds = ms => `${(ms / 1_000).toFixed(1)} s`
