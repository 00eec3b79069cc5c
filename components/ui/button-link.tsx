import Link from 'next/link'
import type { ComponentProps, ReactNode } from 'react'
import { type ButtonSize, type ButtonTone, buttonStyle } from './button-style'

interface ButtonLinkProps extends ComponentProps<typeof Link> {
  tone?: ButtonTone
  size?: ButtonSize
  icon?: ReactNode
}

export function ButtonLink({ tone = 'secondary', size = 'medium', icon, children, className = '', ...rest }: ButtonLinkProps) {
  return (
    <Link {...rest} className={`${buttonStyle(tone, size)} ${className}`}>
      {icon}
      {children}
    </Link>
  )
}
