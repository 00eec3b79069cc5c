import type { Metadata } from 'next'
import { ForgotScreen } from '@/components/accounts/forgot-screen'

export const metadata: Metadata = { title: 'Forgotten password' }

export default function ForgotPage() {
  return <ForgotScreen />
}
