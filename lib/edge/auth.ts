import 'server-only'
import { headers } from 'next/headers'
import type { NextAuthOptions, Profile } from 'next-auth'
import CredentialsProvider from 'next-auth/providers/credentials'
import type { OAuthConfig } from 'next-auth/providers/oauth'
import { endSession, type SignedIn, type SignInOrigin, signIn, signInExternally } from '@/lib/accounts'
import { SignInInput } from '@/lib/accounts/schema'
import { toAppError } from '@/lib/kernel/errors'
import { env } from '@/lib/platform/env'
import { log } from '@/lib/platform/log'
import { clientAddress } from './client-address'
import { sessionCookie, sessionSecrets } from './session-cookie'

async function origin(): Promise<SignInOrigin> {
  const sent = await headers()
  return { userAgent: sent.get('user-agent') ?? '', address: clientAddress(new Headers([...sent.entries()])) }
}

const toUser = ({ account, sessionId }: SignedIn) => ({ id: account.id, email: account.email, name: account.name, sessionId })

// next-auth hands the message of a thrown Error to the sign-in page: it gets our code and nothing else.
function refuse(error: unknown): never {
  throw new Error(codeOf(error))
}

function codeOf(error: unknown): string {
  const failure = toAppError(error)
  if (failure.code === 'UNEXPECTED') log().error({ err: error }, 'sign-in failed unexpectedly')
  return failure.code
}

const credentials = CredentialsProvider({
  credentials: { email: {}, password: {} },
  async authorize(sent) {
    const input = SignInInput.safeParse(sent)
    if (!input.success) throw new Error('SIGN_IN_REFUSED')
    return signIn(input.data, await origin()).then(toUser, refuse)
  },
})

interface OidcProfile extends Profile {
  iss?: string
  email_verified?: boolean
  preferred_username?: string
}

function oidc(): OAuthConfig<OidcProfile>[] {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME } = env()
  if (!OIDC_ISSUER || !OIDC_CLIENT_ID || !OIDC_CLIENT_SECRET) return []
  return [
    {
      id: 'oidc',
      name: OIDC_NAME,
      type: 'oauth' as const,
      wellKnown: `${OIDC_ISSUER.replace(/\/$/, '')}/.well-known/openid-configuration`,
      clientId: OIDC_CLIENT_ID,
      clientSecret: OIDC_CLIENT_SECRET,
      authorization: { params: { scope: 'openid email profile' } },
      idToken: true,
      checks: ['pkce' as const, 'state' as const, 'nonce' as const],
      profile: (claims: OidcProfile) => ({ id: claims.sub ?? '', email: claims.email ?? null, name: claims.name ?? null }),
    },
  ]
}

/**
 * Opens our session for somebody a single sign-on vouches for. A refusal sends the browser back with its code: what is
 * thrown inside `profile` would be swallowed by next-auth.
 */
async function admit(user: object, claims: OidcProfile): Promise<true | string> {
  const identity = {
    issuer: claims.iss ?? env().OIDC_ISSUER ?? '',
    subject: claims.sub ?? '',
    email: (claims.email ?? '').normalize('NFKC').trim().toLowerCase(),
    emailVerified: claims.email_verified === true,
    name: claims.name ?? claims.preferred_username ?? claims.email ?? 'Viewer',
  }
  if (!identity.email.includes('@')) return '/sign-in?error=SIGN_IN_REFUSED'
  try {
    Object.assign(user, toUser(await signInExternally(identity, await origin())))
    return true
  } catch (error) {
    return `/sign-in?error=${codeOf(error)}`
  }
}

/** next-auth signs people in; the session itself is our row, so that it can be listed and revoked. */
export function authOptions(): NextAuthOptions {
  return {
    secret: sessionSecrets()[0],
    session: { strategy: 'jwt', maxAge: 60 * 86_400 },
    cookies: { sessionToken: sessionCookie() },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    providers: [credentials, ...oidc()],
    callbacks: {
      signIn: ({ user, account, profile }) => (account?.provider === 'oidc' ? admit(user, profile ?? {}) : true),
      jwt({ token, user }) {
        if (user && 'sessionId' in user) token.sessionId = user.sessionId
        return token
      },
      session: ({ session }) => session,
    },
    events: {
      async signOut({ token }) {
        if (typeof token?.sessionId === 'string') await endSession(token.sessionId)
      },
    },
    logger: {
      error: code => log().debug({ code }, 'next-auth'),
      warn: () => undefined,
      debug: () => undefined,
    },
  }
}
