// An OpenID Connect provider that signs in whoever it is told to, with real signatures, PKCE and nonce.
import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Identity {
  subject: string
  email: string
  emailVerified: boolean
  name: string
}

export interface OidcProvider {
  issuer: string
  /** Who signs in at the next visit. */
  person: Identity
  close(): Promise<void>
}

interface Grant {
  nonce: string
  challenge: string
  redirect: string
  person: Identity
}

export async function startOidc(clientId: string, port = 0): Promise<OidcProvider> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const grants = new Map<string, Grant>()
  const provider = { issuer: '', person: { subject: 's1', email: 'olga@example.com', emailVerified: true, name: 'Olga' } }

  const idToken = (grant: Grant) => {
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const now = Math.floor(Date.now() / 1000)
    const { subject, email, emailVerified, name } = grant.person
    const claims = {
      iss: provider.issuer,
      aud: clientId,
      sub: subject,
      email,
      email_verified: emailVerified,
      name,
      nonce: grant.nonce,
      iat: now,
      exp: now + 300,
    }
    const head = `${encode({ alg: 'RS256', kid: 'k1' })}.${encode(claims)}`
    return `${head}.${createSign('RSA-SHA256').update(head).sign(privateKey, 'base64url')}`
  }

  const routes: Record<string, (url: URL, request: IncomingMessage, response: ServerResponse) => void | Promise<void>> = {
    '/.well-known/openid-configuration': (_url, _request, response) =>
      json(response, {
        issuer: provider.issuer,
        authorization_endpoint: `${provider.issuer}/authorize`,
        token_endpoint: `${provider.issuer}/token`,
        jwks_uri: `${provider.issuer}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      }),
    '/jwks': (_url, _request, response) =>
      json(response, { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' }] }),
    '/authorize': ({ searchParams }, _request, response) => {
      const code = randomUUID()
      const redirect = searchParams.get('redirect_uri') ?? ''
      grants.set(code, {
        nonce: searchParams.get('nonce') ?? '',
        challenge: searchParams.get('code_challenge') ?? '',
        redirect,
        person: { ...provider.person },
      })
      response
        .writeHead(302, { location: `${redirect}?code=${code}&state=${encodeURIComponent(searchParams.get('state') ?? '')}` })
        .end()
    },
    '/token': async (_url, request, response) => {
      let body = ''
      for await (const part of request) body += part
      const form = new URLSearchParams(body)
      const grant = grants.get(form.get('code') ?? '')
      grants.delete(form.get('code') ?? '')
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url')
      if (!grant || grant.challenge !== challenge) return json(response, { error: 'invalid_grant' }, 400)
      json(response, { access_token: randomUUID(), token_type: 'Bearer', expires_in: 300, id_token: idToken(grant) })
    },
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', provider.issuer)
    const serve = routes[url.pathname]
    if (serve) void serve(url, request, response)
    else response.writeHead(404).end()
  })
  await new Promise<void>(done => server.listen(port, '127.0.0.1', done))
  provider.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(provider, { close: () => new Promise<void>(done => void server.close(() => done())) })
}

function json(response: ServerResponse, value: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
