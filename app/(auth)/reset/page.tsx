import type { Metadata } from 'next'
import { ResetScreen } from '@/components/accounts/reset-screen'

export const metadata: Metadata = { title: 'New password' }

export default async function ResetPage({ searchParams }: PageProps<'/reset'>) {
  const { token } = await searchParams
  return <ResetScreen token={typeof token === 'string' ? token : undefined} />
}
