'use client'

import { ErrorState } from '@/components/ui/error-state'
import { AppError } from '@/lib/kernel/errors'

interface ErrorPageProps {
  error: Error & { digest?: string }
  reset: () => void
}

export default function ErrorPage({ error, reset }: ErrorPageProps) {
  const failure = new AppError('UNEXPECTED', { cause: error })
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center">
      <h1 className="sr-only">Something went wrong</h1>
      <ErrorState
        error={failure}
        onRetry={reset}
        action={
          <a href="/" className="inline-flex h-11 items-center rounded-full bg-fill-strong px-5 font-strong text-14">
            Go to Home
          </a>
        }
      />
      {error.digest ? <p className="text-12 text-faint">{error.digest}</p> : null}
    </main>
  )
}
