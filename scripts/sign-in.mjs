/** Signs in as a browser would and returns the cookie header. @throws Error when the server refuses */
export async function signIn(address, { email, password }) {
  const jar = new Map()
  const take = answer => {
    for (const line of answer.headers.getSetCookie()) {
      const [pair] = line.split(';')
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    return answer
  }
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const ask = (path, options = {}) => fetch(address + path, { ...options, signal: AbortSignal.timeout(30_000) }).then(take)
  const { csrfToken } = await (await ask('/api/auth/csrf')).json()
  const body = new URLSearchParams({ csrfToken, email, password, json: 'true' })
  const answer = await ask('/api/auth/callback/credentials', {
    method: 'POST',
    body,
    headers: { cookie: cookie() },
    redirect: 'manual',
  })
  if (!answer.ok) throw new Error('The account was refused.')
  return cookie()
}
