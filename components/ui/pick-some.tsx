import { Chip } from './chip'

interface PickSomeProps {
  label: string
  /** What nothing chosen means: "All my sources". */
  all: string
  options: readonly { id: number; name: string }[]
  /** Null is all. */
  value: readonly number[] | null
  onChange: (value: number[] | null) => void
}

/** All, or some of a few. */
export function PickSome({ label, all, options, value, onChange }: PickSomeProps) {
  const toggle = (id: number) => {
    const next = value?.includes(id) ? value.filter(one => one !== id) : [...(value ?? []), id]
    onChange(next.length === 0 ? null : next)
  }
  return (
    <fieldset>
      <legend className="mb-2 font-strong text-14">{label}</legend>
      <div className="flex flex-wrap gap-2">
        <Chip selected={value === null} onClick={() => onChange(null)}>
          {all}
        </Chip>
        {options.map(({ id, name }) => (
          <Chip key={id} selected={value?.includes(id) ?? false} onClick={() => toggle(id)}>
            {name}
          </Chip>
        ))}
      </div>
    </fieldset>
  )
}
