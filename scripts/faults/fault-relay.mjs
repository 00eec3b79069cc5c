// A TCP relay between the server and the scripted provider that can be told to misbehave.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { connect, createServer } from 'node:net'

const statusLine = {
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  458: 'Limit',
  500: 'Error',
  503: 'Service Unavailable',
}
// Listens, but is stopped before it can accept: its full queue is what a SYN into a black hole looks like.
const BLACK_HOLE =
  "require('net').createServer().listen({port:+process.argv[1],host:'127.0.0.1',backlog:1},()=>console.log('on'))"

/**
 * `mode`: pass; half-open (keeps both sockets, forwards nothing); hang (accepts, never answers); drip (a byte every 2 s);
 * drip-body (the head at once, then the same); answer (the text in `answer`, for every request).
 * `dials` = when a stream was asked for.
 */
export async function startFaultRelay(port, target, host = '127.0.0.1') {
  const relay = { port, mode: 'pass', answer: '', requests: 0, bytes: 0, pairs: new Set(), dials: [] }
  let server = null
  const listen = async () => {
    server = createServer(socket => accept(relay, socket, target))
    await new Promise((done, fail) => server.once('error', fail).listen(port, host, done))
  }
  const unlisten = () => new Promise(done => server.close(done))
  relay.cut = () => closePairs(relay, pair => pair.client.destroy())
  /** As a network that goes: a clean end would be what a panel's clip has. */
  relay.reset = () => closePairs(relay, pair => pair.client.resetAndDestroy())
  relay.finish = () => closePairs(relay, pair => pair.client.end())
  relay.inject = bytes => {
    for (const pair of relay.pairs) pair.client.write(bytes)
  }
  relay.noise = size => relay.inject(randomBytes(size))
  relay.close = async () => {
    relay.cut()
    await unlisten()
  }
  /** Nobody accepts on this port until the returned function is called. */
  relay.blackHole = async () => {
    relay.cut()
    await unlisten()
    const child = spawn(process.execPath, ['-e', BLACK_HOLE, String(port)], { stdio: ['ignore', 'pipe', 'ignore'] })
    await new Promise(done => child.stdout.once('data', done))
    child.kill('SIGSTOP')
    const fillers = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => {}))
    await new Promise(done => setTimeout(done, 200))
    return async () => {
      for (const filler of fillers) filler.destroy()
      const ended = new Promise(done => child.once('exit', done))
      child.kill('SIGKILL')
      await ended
      await listen()
    }
  }
  await listen()
  return relay
}

/** Ends every connection; the provider's side always at once, so that its counters are right. */
function closePairs(relay, how) {
  for (const pair of relay.pairs) {
    how(pair)
    pair.upstream?.destroy()
  }
  relay.pairs.clear()
}

function accept(relay, client, target) {
  const pair = { client, upstream: null }
  client.on('error', () => client.destroy())
  client.once('data', head => {
    relay.requests++
    // The panel is asked on the way of its own; what is left are streams.
    if (!/^\S+ \S+\.php\b/.test(head.toString('latin1'))) relay.dials.push(performance.now())
    if (relay.mode === 'answer') client.end(relay.answer)
    else if (relay.mode === 'drip') drip(client, `${HEAD}${BODY}`)
    else if (relay.mode === 'drip-body') dripBody(client)
    else if (relay.mode !== 'hang') forward(relay, { pair, head, target })
  })
  client.once('close', () => {
    pair.upstream?.destroy()
    relay.pairs.delete(pair)
  })
  relay.pairs.add(pair)
}

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\n\r\n'
/** The beginning of something large, so that a reader of guides or of documents has no reason to give up. */
const BODY = `<?xml version="1.0" encoding="UTF-8"?>\n<tv>${' '.repeat(10_000)}`

function dripBody(client) {
  client.write(HEAD)
  drip(client, BODY)
}

function drip(client, text) {
  let at = 0
  const timer = setInterval(() => client.write(text[at++ % text.length]), 2_000)
  client.once('close', () => clearInterval(timer))
}

function forward(relay, { pair, head, target }) {
  const upstream = connect(target, '127.0.0.1')
  pair.upstream = upstream
  upstream.setNoDelay(true)
  pair.client.setNoDelay(true)
  // Version 1.0, because its bodies come without chunks: what is injected must be noise in the stream, not in the protocol.
  upstream.write(Buffer.from(head.toString('latin1').replace(' HTTP/1.1\r\n', ' HTTP/1.0\r\n'), 'latin1'))
  upstream.on('data', bytes => {
    if (relay.mode === 'half-open') return
    relay.bytes += bytes.length
    pair.client.write(bytes)
  })
  pair.client.on('data', bytes => relay.mode === 'half-open' || upstream.write(bytes))
  upstream.on('error', () => pair.client.destroy())
  upstream.once('close', () => relay.mode === 'half-open' || pair.client.end())
}

export const httpAnswer = (status, { headers = {}, body = '' } = {}) =>
  [
    `HTTP/1.1 ${status} ${statusLine[status] ?? 'OK'}`,
    ...Object.entries({ 'content-length': Buffer.byteLength(body), connection: 'close', ...headers }).map(
      ([name, value]) => `${name}: ${value}`,
    ),
    '',
    body,
  ].join('\r\n')
