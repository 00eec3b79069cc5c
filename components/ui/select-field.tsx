import { ChevronDown } from 'lucide-react'
import { type SelectHTMLAttributes, useId } from 'react'

interface SelectFieldProps extends Omit<SelectHTMLAttributes<HTMLSelectElement>, 'id'> {
  label: string
  hint?: string
  options: readonly { value: string; label: string }[]
}

export function SelectField({ label, hint, options, className = '', ...select }: SelectFieldProps) {
  const id = useId()
  return (
    <div className={`flex flex-col gap-1.5 ${className}`}>
      <label htmlFor={id} className="font-strong text-14">
        {label}
      </label>
      <span className="relative flex">
        <select
          {...select}
          id={id}
          aria-describedby={hint ? `${id}-note` : undefined}
          className="h-12 w-full appearance-none rounded-cell border border-line-strong bg-fill px-4 pr-11 text-16 [&>option]:bg-surface"
        >
          {options.map(option => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronDown
          aria-hidden
          size="1.125rem"
          strokeWidth={1.75}
          className="pointer-events-none absolute top-3.75 right-4 text-muted"
        />
      </span>
      {hint ? (
        <span id={`${id}-note`} className="text-14 text-muted">
          {hint}
        </span>
      ) : null}
    </div>
  )
}
