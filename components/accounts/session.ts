import { AppError, isErrorCode } from '@/lib/kernel/errors'

/** Signs in with address and password; throws the AppError that the form shows. */
export async function signInWithPassword(email: string, password: string): Promise<void> {
  const { signIn } = await import('next-auth/react')
  const answer = await signIn('credentials', { email, password, redirect: false })
  if (answer?.ok && !answer.error) return
  const code = answer?.error ?? ''
  throw new AppError(isErrorCode(code) ? code : answer ? 'SIGN_IN_REFUSED' : 'UNAVAILABLE')
}

export async function signInElsewhere(next: string): Promise<void> {
  const { signIn } = await import('next-auth/react')
  await signIn('oidc', { callbackUrl: next })
}

export async function leaveSession(): Promise<void> {
  const { signOut } = await import('next-auth/react')
  await signOut({ callbackUrl: '/sign-in' })
}

/** Only a path of this site may follow a sign-in; "//other.example" is another site. */
export function safeNext(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) ? next : '/'
}
