import type { Metadata } from 'next'
import { SignInScreen } from '@/components/accounts/sign-in-screen'

export const metadata: Metadata = { title: 'Sign in' }

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const { next } = await searchParams
  return <SignInScreen next={typeof next === 'string' ? next : undefined} />
}
