import type { ReactNode } from 'react'

interface CheckLineProps {
  label: string
  note?: ReactNode
  checked: boolean
  onChange: (checked: boolean) => void
}

/** One of many that may all be chosen, a line wide enough for a thumb. */
export function CheckLine({ label, note, checked, onChange }: CheckLineProps) {
  return (
    <label className="flex min-h-11 items-center gap-3 rounded-cell px-2 py-1.5 text-14 hover:bg-fill">
      <input
        type="checkbox"
        checked={checked}
        onChange={event => onChange(event.currentTarget.checked)}
        className="size-5 shrink-0 accent-accent"
      />
      <span className="min-w-0 grow truncate">{label}</span>
      {note ? <span className="shrink-0 text-12 text-faint tabular-nums">{note}</span> : null}
    </label>
  )
}
