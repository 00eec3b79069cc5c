import { Minus, Plus } from 'lucide-react'
import { useId } from 'react'
import { IconButton } from './icon-button'

interface StepperProps {
  label: string
  hint?: string
  value: number
  min: number
  max: number
  problem?: string | undefined
  onChange: (value: number) => void
}

/** A small number, one press up or down: a number field would keep the arrow keys of a remote to itself. */
export function Stepper({ label, hint, value, min, max, problem, onChange }: StepperProps) {
  const id = useId()
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand label and buttons beside each other
    <div role="group" aria-labelledby={id} className="flex items-center justify-between gap-4">
      <span className="flex flex-col">
        <span id={id} className="font-strong text-14">
          {label}
        </span>
        {problem || hint ? <span className={`text-14 ${problem ? 'text-danger' : 'text-muted'}`}>{problem ?? hint}</span> : null}
      </span>
      <span className="flex shrink-0 items-center gap-1">
        <IconButton
          label="One less"
          className="bg-fill-strong"
          icon={<Minus aria-hidden size="1.125rem" />}
          disabled={value <= min}
          onClick={() => onChange(value - 1)}
        />
        <output className="min-w-12 text-center font-strong text-20 tabular-nums">{value.toLocaleString()}</output>
        <IconButton
          label="One more"
          className="bg-fill-strong"
          icon={<Plus aria-hidden size="1.125rem" />}
          disabled={value >= max}
          onClick={() => onChange(value + 1)}
        />
      </span>
    </div>
  )
}
