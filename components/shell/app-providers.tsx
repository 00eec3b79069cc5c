'use client'

import { QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { OfflineWorker } from '@/components/offline/offline-worker'
import { Toaster } from '@/components/ui/toaster'
import { createQueryClient } from './query-client'

export function AppProviders({ children }: { children: ReactNode }) {
  const [client] = useState(createQueryClient)
  return (
    <QueryClientProvider client={client}>
      {children}
      <Toaster />
      <OfflineWorker />
    </QueryClientProvider>
  )
}
