import type { Metadata } from 'next'
import { SignUpScreen } from '@/components/accounts/sign-up-screen'

export const metadata: Metadata = { title: 'Create an account' }

export default async function SignUpPage({ searchParams }: PageProps<'/sign-up'>) {
  const { invite } = await searchParams
  return <SignUpScreen invite={typeof invite === 'string' ? invite : undefined} />
}
