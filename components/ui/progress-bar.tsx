interface ProgressBarProps {
  label: string
  /** 0–100; absent while nobody can say how far it is. */
  value?: number | undefined
  className?: string
}

export function ProgressBar({ label, value, className = '' }: ProgressBarProps) {
  const known = value !== undefined
  const width = known ? `${Math.min(100, Math.max(0, value))}%` : '33%'
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={known ? Math.round(value) : undefined}
      className={`h-1 overflow-hidden rounded-full bg-fill-strong ${className}`}
    >
      <div
        style={{ width }}
        className={`h-full rounded-full bg-accent transition-[width] duration-200 ${known ? '' : 'animate-[indeterminate_1.4s_ease-in-out_infinite]'}`}
      />
    </div>
  )
}
