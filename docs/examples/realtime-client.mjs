// Listens to the news of one account (docs/realtime.md). Needs nothing but Node 22 or newer:
//   node docs/examples/realtime-client.mjs http://localhost:3000 EMAIL PASSWORD
// Prints one line of JSON for each piece of news.
const [address = 'http://localhost:3000', email = '', password = ''] = process.argv.slice(2)

const SIGNED_OUT = 4403
const TOO_MANY = 4429
const PING_MS = 25_000
const ANSWER_MS = 8_000

/** Signs in as a browser would; the cookies are the session. */
async function signIn() {
  const jar = new Map()
  const ask = async (path, options = {}) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(address + path, { ...options, headers: { cookie }, redirect: 'manual' })
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (name) jar.set(name, value)
    }
    return answer
  }
  const { csrfToken } = await (await ask('/api/auth/csrf')).json()
  const body = new URLSearchParams({ csrfToken, email, password, json: 'true' })
  if (!(await ask('/api/auth/callback/credentials', { method: 'POST', body })).ok) throw new Error('The account was refused.')
  return ask
}

/** One connection, until it ends; resolves with the code it was closed with and the place to go on from. */
async function listen(ask, since) {
  const answer = await ask('/api/realtime/tickets', { method: 'POST' })
  if (answer.status === 401) return { code: SIGNED_OUT, since, lasted: false }
  const { ticket, path } = await answer.json()
  const socket = new WebSocket(new URL(path, address.replace(/^http/, 'ws')))
  let [cursor, lasted, timer] = [since, false, undefined]
  const rest = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      socket.send('{"type":"ping"}')
      timer = setTimeout(() => socket.close(), ANSWER_MS)
    }, PING_MS)
  }
  socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', ticket, ...(since ? { since } : {}) }))
  socket.onmessage = ({ data }) => {
    rest()
    const message = JSON.parse(data)
    cursor = message.id ?? message.cursor ?? cursor
    lasted ||= message.type === 'welcome'
    // "reset", and a welcome that is not resumed: whatever was read from the API before may be out of date.
    if (message.type !== 'pong') process.stdout.write(`${JSON.stringify(message)}\n`)
  }
  return new Promise(resolve => {
    socket.onerror = () => {}
    socket.onclose = ({ code }) => {
      clearTimeout(timer)
      resolve({ code, since: cursor, lasted })
    }
  })
}

const ask = await signIn()
for (let since, tries = 0; ; ) {
  const end = await listen(ask, since).catch(() => ({ code: 0, since, lasted: false }))
  since = end.since
  if (end.code === SIGNED_OUT) break
  tries = end.lasted ? 0 : tries + 1
  const longest = end.code === TOO_MANY ? 120_000 : Math.min(60_000, 1_000 * 2 ** tries)
  await new Promise(done => setTimeout(done, 500 + Math.random() * longest))
}
