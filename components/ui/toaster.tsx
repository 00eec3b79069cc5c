'use client'

import { CircleAlert, CircleCheck } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { readNoToasts, readToasts, subscribeToasts } from './toast-store'

export function Toaster() {
  const toasts = useSyncExternalStore(subscribeToasts, readToasts, readNoToasts)
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-24 z-50 flex flex-col items-center gap-2 md:bottom-8"
    >
      {toasts.map(toast => (
        <p
          key={toast.id}
          className="rise hairline flex max-w-lg items-center gap-3 rounded-card bg-raised px-4 py-3 text-14 shadow-float"
        >
          {toast.tone === 'ok' ? (
            <CircleCheck aria-hidden size="1.25rem" strokeWidth={1.75} className="shrink-0 text-ok" />
          ) : (
            <CircleAlert aria-hidden size="1.25rem" strokeWidth={1.75} className="shrink-0 text-danger" />
          )}
          {toast.text}
        </p>
      ))}
    </div>
  )
}
