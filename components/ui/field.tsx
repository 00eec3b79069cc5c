import { type InputHTMLAttributes, type ReactNode, useId } from 'react'

export interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'id'> {
  label: string
  hint?: ReactNode
  /** What is wrong with this field; it is read with the field. */
  problem?: string | undefined
  /** Something at the right end, inside the box. */
  end?: ReactNode
}

export function Field({ label, hint, problem, end, className = '', ...input }: FieldProps) {
  const id = useId()
  const noteId = `${id}-note`
  return (
    <div className={`flex flex-col gap-1.5 ${className}`}>
      <label htmlFor={id} className="font-strong text-14">
        {label}
      </label>
      <span className="relative flex">
        <input
          {...input}
          id={id}
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem || hint ? noteId : undefined}
          className={`h-12 w-full min-w-0 rounded-cell border bg-fill px-4 text-16 placeholder:text-faint ${problem ? 'border-danger' : 'border-line-strong'} ${end ? 'pr-13' : ''}`}
        />
        {end ? <span className="absolute inset-y-0 right-0 flex items-center">{end}</span> : null}
      </span>
      {problem || hint ? (
        <span id={noteId} className={`text-14 ${problem ? 'text-danger' : 'text-muted'}`}>
          {problem ?? hint}
        </span>
      ) : null}
    </div>
  )
}
