'use client'

import { toFailure } from '@/components/shell/failure'
import { buttonStyle } from '@/components/ui/button-style'
import { ErrorState } from '@/components/ui/error-state'

interface ErrorPageProps {
  error: Error & { digest?: string }
  reset: () => void
}

export default function ErrorPage({ error, reset }: ErrorPageProps) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center">
      <h1 className="sr-only">Something went wrong</h1>
      <ErrorState
        error={toFailure(error)}
        onRetry={reset}
        action={
          <a href="/" className={buttonStyle('secondary', 'medium')}>
            Go to Home
          </a>
        }
      />
      {error.digest ? <p className="text-12 text-faint">{error.digest}</p> : null}
    </main>
  )
}
