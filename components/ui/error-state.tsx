import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { toFailure } from '@/components/shell/failure'
import { Button } from './button'

interface ErrorStateProps {
  error: unknown
  onRetry?: () => void
  /** Another way out beside trying again. */
  action?: ReactNode
}

/** What happened in one sentence, a way out, and the code in small type. */
export function ErrorState({ error, onRetry, action }: ErrorStateProps) {
  const failure = toFailure(error)
  return (
    <div role="alert" className="appear mx-auto flex max-w-md flex-col items-center gap-3 px-6 py-16 text-center">
      <CircleAlert aria-hidden size="2.5rem" strokeWidth={1.75} className="mb-2 text-warn" />
      <p className="text-balance font-strong text-20">{failure.say}</p>
      <div className="mt-2 flex flex-wrap justify-center gap-3">
        {onRetry ? (
          <Button tone="primary" onClick={onRetry}>
            Try again
          </Button>
        ) : null}
        {action}
      </div>
      <p className="mt-2 text-12 text-faint">
        {failure.code}
        {failure.requestId ? ` · ${failure.requestId}` : ''}
      </p>
    </div>
  )
}
