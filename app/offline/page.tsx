import type { Metadata } from 'next'
import { OfflineScreen } from '@/components/guide/offline-screen'

export const metadata: Metadata = { title: 'Offline' }

/** Nothing of an account is in it: the service worker keeps it on the device and shows it when there is no network. */
export default function OfflinePage() {
  return <OfflineScreen />
}
