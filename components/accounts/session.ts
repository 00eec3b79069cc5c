import { forgetPush } from '@/components/notifications/push-here'
import { Failure } from '@/components/shell/failure'
import { forgetKept } from '@/components/shell/kept'
import { errorCodes, isErrorCode } from '@/lib/kernel/errors'
import { SECOND, sleep } from '@/lib/kernel/time'

/** What a code from single sign-on or the credentials check means; any other word is a refusal. */
export function toSignInFailure(word: string): Failure {
  const code = isErrorCode(word) ? word : 'SIGN_IN_REFUSED'
  return new Failure({ code, say: errorCodes[code].say })
}

/** Signs in with address and password; throws the Failure that the form shows. */
export async function signInWithPassword(email: string, password: string): Promise<void> {
  const { signIn } = await import('next-auth/react')
  const answer = await signIn('credentials', { email, password, redirect: false })
  if (answer?.ok && !answer.error) return
  throw toSignInFailure(answer ? (answer.error ?? '') : 'UNAVAILABLE')
}

export async function signInElsewhere(next: string): Promise<void> {
  const { signIn } = await import('next-auth/react')
  await signIn('oidc', { callbackUrl: next })
}

export async function leaveSession(): Promise<void> {
  // Whoever signs in here next must not get the messages of somebody else.
  await Promise.race([forgetPush().catch(() => undefined), sleep(2 * SECOND)])
  await forgetKept()
  const { signOut } = await import('next-auth/react')
  await signOut({ callbackUrl: '/sign-in' })
}

/** Only a path of this site may follow a sign-in; "//other.example" is another site. */
export function safeNext(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) ? next : '/'
}
