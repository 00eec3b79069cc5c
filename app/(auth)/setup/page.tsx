import type { Metadata } from 'next'
import { SetupScreen } from '@/components/accounts/setup-screen'

export const metadata: Metadata = { title: 'Set up' }

export default function SetupPage() {
  return <SetupScreen />
}
