import { useId } from 'react'

interface SwitchProps {
  label: string
  hint?: string
  checked: boolean
  disabled?: boolean
  onChange: (checked: boolean) => void
}

export function Switch({ label, hint, checked, disabled = false, onChange }: SwitchProps) {
  const id = useId()
  return (
    <div className="flex items-start justify-between gap-4">
      <span className="flex flex-col">
        <span id={id} className="text-14">
          {label}
        </span>
        {hint ? (
          <span id={`${id}-note`} className="text-12 text-muted">
            {hint}
          </span>
        ) : null}
      </span>
      <button
        type="button"
        role="switch"
        aria-checked={checked}
        aria-labelledby={id}
        aria-describedby={hint ? `${id}-note` : undefined}
        disabled={disabled}
        onClick={() => onChange(!checked)}
        className={`relative h-7 w-12 shrink-0 rounded-full border transition-colors duration-120 disabled:opacity-60 ${checked ? 'border-accent bg-accent' : 'border-line-strong bg-fill-strong'}`}
      >
        <span
          className={`absolute top-0.75 left-1 size-5 rounded-full transition-transform duration-120 ${checked ? 'translate-x-4.5 bg-on-accent' : 'bg-text'}`}
        />
      </button>
    </div>
  )
}
