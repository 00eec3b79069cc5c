import { LoaderCircle } from 'lucide-react'
import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { type ButtonSize, type ButtonTone, buttonStyle } from './button-style'

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  tone?: ButtonTone
  size?: ButtonSize
  icon?: ReactNode
  /** The work has begun: the button keeps its size and its name, and does not listen. */
  busy?: boolean
}

export function Button({
  tone = 'secondary',
  size = 'medium',
  icon,
  busy = false,
  children,
  className = '',
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled === true || busy}
      aria-busy={busy || undefined}
      className={`${buttonStyle(tone, size)} ${className}`}
    >
      {busy ? <LoaderCircle aria-hidden size="1.125rem" strokeWidth={1.75} className="animate-spin" /> : icon}
      {children}
    </button>
  )
}
