import type { ButtonHTMLAttributes, ReactNode } from 'react'

interface ChipProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  selected?: boolean
  icon?: ReactNode
}

/** A choice among a few. `selected` is told by colour, by border and by aria-pressed. */
export function Chip({ selected, icon, children, className = '', ...rest }: ChipProps) {
  return (
    <button
      type="button"
      aria-pressed={selected}
      {...rest}
      className={`inline-flex h-10 shrink-0 items-center gap-2 whitespace-nowrap rounded-full border px-4 text-14 transition-colors duration-120 ${selected ? 'border-accent bg-accent-soft font-strong text-text' : 'border-line-strong text-muted hover:bg-fill hover:text-text'} ${className}`}
    >
      {icon}
      {children}
    </button>
  )
}
