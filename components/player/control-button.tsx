import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { IconButton } from '@/components/ui/icon-button'

interface ControlButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label'> {
  label: string
  icon: ReactNode
  big?: boolean
}

/** A button over the picture. A mouse click leaves the focus alone, so that Space keeps meaning play and pause. */
export function ControlButton({ big = false, className = '', ...rest }: ControlButtonProps) {
  return (
    <IconButton
      onMouseDown={event => event.preventDefault()}
      {...rest}
      className={`text-text hover:bg-white/15 focus-visible:bg-white/15 ${big ? 'size-14' : 'max-md:size-10'} ${className}`}
    />
  )
}
