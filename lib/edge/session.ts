import 'server-only'
import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { decode } from 'next-auth/jwt'
import { findViewer, isSetUp } from '@/lib/accounts'
import type { Viewer } from '@/lib/accounts/schema'
import { isUuid } from '@/lib/kernel/ids'
import { sessionCookie, sessionSecrets } from './session-cookie'

/** Who is asking; null when nobody is signed in or the session has ended. A broken cookie is nobody, never an error. */
export async function findRequestViewer(): Promise<Viewer | null> {
  const token = (await cookies()).get(sessionCookie().name)?.value
  if (!token) return null
  const sessionId = await readSessionId(token)
  return typeof sessionId === 'string' && isUuid(sessionId) ? findViewer(sessionId) : null
}

async function readSessionId(token: string): Promise<unknown> {
  for (const secret of sessionSecrets()) {
    const claims = await decode({ token, secret }).catch(() => null)
    if (claims) return claims.sessionId
  }
  return null
}

/** For pages: the viewer, or a redirect to sign-in (to set-up when there is no account yet). */
export async function requirePageViewer(): Promise<Viewer> {
  const viewer = await findRequestViewer()
  if (viewer) return viewer
  redirect((await isSetUp()) ? '/sign-in' : '/setup')
}
