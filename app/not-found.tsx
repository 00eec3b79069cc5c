import { Compass } from 'lucide-react'
import { buttonStyle } from '@/components/ui/button-style'
import { EmptyState } from '@/components/ui/empty-state'

export default function NotFound() {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center">
      <h1 className="sr-only">Not found</h1>
      <EmptyState
        drawing={<Compass size="2.75rem" strokeWidth={1.5} />}
        title="There is nothing at this address"
        text="It may have moved, or the link is not complete."
        action={
          <a href="/" className={buttonStyle('primary', 'medium')}>
            Go to Home
          </a>
        }
      />
    </main>
  )
}
