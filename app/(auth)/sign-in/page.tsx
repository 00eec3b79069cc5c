import type { Metadata } from 'next'
import { SignInScreen } from '@/components/accounts/sign-in-screen'

export const metadata: Metadata = { title: 'Sign in' }

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const { next, callbackUrl, error } = await searchParams
  const target = next ?? callbackUrl
  return (
    <SignInScreen
      next={typeof target === 'string' ? target : undefined}
      problem={typeof error === 'string' ? error : undefined}
    />
  )
}
