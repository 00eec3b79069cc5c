import type { Metadata } from 'next'
import { ResetScreen } from '@/components/accounts/reset-screen'

export const metadata: Metadata = { title: 'New password', referrer: 'no-referrer' }

export default function ResetPage() {
  return <ResetScreen />
}
