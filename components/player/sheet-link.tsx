import type { ReactNode } from 'react'

/** A line of a sheet that leads on. */
export function SheetLink({ icon, onSelect, children }: { icon: ReactNode; onSelect: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      onClick={onSelect}
      className="flex min-h-11 w-full items-center gap-3 rounded-cell px-3 text-left text-muted hover:bg-white/10 hover:text-text focus-visible:outline-offset-[-3px]"
    >
      {icon}
      {children}
    </button>
  )
}
