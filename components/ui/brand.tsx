/** The mark of the product: a screen with a play sign, and its name. */
export function Brand({ className = '' }: { className?: string }) {
  return (
    <span className={`inline-flex items-center gap-3 ${className}`}>
      <svg aria-hidden="true" viewBox="0 0 32 32" className="size-8 text-accent">
        <rect x="2" y="4.5" width="28" height="20" rx="6" fill="currentColor" />
        <path d="M13 10.2v8.6a.9.9 0 0 0 1.4.75l6.5-4.3a.9.9 0 0 0 0-1.5l-6.5-4.3a.9.9 0 0 0-1.4.75Z" fill="var(--canvas)" />
        <rect x="10" y="27" width="12" height="2.2" rx="1.1" fill="currentColor" />
      </svg>
      <span className="font-title text-20 tracking-tight">WatchTheFlix</span>
    </span>
  )
}
