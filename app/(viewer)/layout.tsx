import type { ReactNode } from 'react'
import { RealtimeNews } from '@/components/shell/realtime/realtime-news'

export default function ViewerLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <RealtimeNews />
      {children}
    </>
  )
}
