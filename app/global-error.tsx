'use client'

import './globals.css'

interface GlobalErrorProps {
  reset: () => void
}

export default function GlobalError({ reset }: GlobalErrorProps) {
  return (
    <html lang="en">
      <body className="bg-canvas text-text">
        <main className="flex min-h-dvh flex-col items-center justify-center gap-4 p-6 text-center">
          <h1 className="font-title text-28">This screen could not be drawn</h1>
          <p className="text-muted">The fault is on our side. Try again, or load the page anew.</p>
          <button type="button" onClick={reset} className="h-11 rounded-full bg-accent px-5 font-strong text-14 text-on-accent">
            Try again
          </button>
        </main>
      </body>
    </html>
  )
}
