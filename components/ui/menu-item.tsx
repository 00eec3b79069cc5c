import { Check } from 'lucide-react'
import type { ReactNode } from 'react'

interface MenuItemProps {
  icon?: ReactNode
  /** Given: the item is one of several choices, and this says whether it is the chosen one. */
  checked?: boolean
  danger?: boolean
  onSelect: () => void
  children: ReactNode
}

export function MenuItem({ icon, checked, danger = false, onSelect, children }: MenuItemProps) {
  return (
    <button
      type="button"
      role={checked === undefined ? 'menuitem' : 'menuitemradio'}
      {...(checked === undefined ? {} : { 'aria-checked': checked })}
      onClick={onSelect}
      className={`flex min-h-11 w-full items-center gap-3 rounded-cell px-3 py-2 text-left text-14 hover:bg-fill-strong focus-visible:bg-fill-strong focus-visible:outline-offset-[-3px] ${danger ? 'text-danger' : ''}`}
    >
      {icon}
      <span className="min-w-0 grow">{children}</span>
      {checked ? <Check aria-hidden size="1.125rem" strokeWidth={2} className="shrink-0 text-accent" /> : null}
    </button>
  )
}
