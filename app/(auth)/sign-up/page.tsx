import type { Metadata } from 'next'
import { SignUpScreen } from '@/components/accounts/sign-up-screen'

export const metadata: Metadata = { title: 'Create an account', referrer: 'no-referrer' }

export default function SignUpPage() {
  return <SignUpScreen />
}
