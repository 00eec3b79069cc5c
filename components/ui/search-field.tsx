import { Search, X } from 'lucide-react'
import type { Ref } from 'react'
import { IconButton } from './icon-button'

const sizes = {
  small: {
    box: 'h-11 min-w-36 grow sm:max-w-72',
    glass: ['1.125rem', 'left-4'],
    input: 'pr-11 pl-11 text-14 placeholder:text-muted',
    clear: ['1rem', 'right-0'],
  },
  large: {
    box: 'h-14 max-w-3xl',
    glass: ['1.375rem', 'left-5'],
    input: 'pr-14 pl-14 text-20 placeholder:text-faint',
    clear: ['1.25rem', 'right-1.5'],
  },
} as const

interface SearchFieldProps {
  label: string
  /** What can be looked for; the label without. */
  placeholder?: string
  size?: keyof typeof sizes
  /** The focus of a remote begins here. */
  isFirst?: boolean
  value: string
  onChange: (value: string) => void
  ref?: Ref<HTMLInputElement>
}

/** A field that narrows what is listed below it, or finds it. */
export function SearchField(props: SearchFieldProps) {
  const { label, placeholder = label, size = 'small', isFirst = false, value, onChange, ref } = props
  const { box, glass, input, clear } = sizes[size]
  return (
    <span className={`relative flex items-center ${box}`}>
      <Search aria-hidden size={glass[0]} strokeWidth={1.75} className={`pointer-events-none absolute text-muted ${glass[1]}`} />
      <input
        ref={ref}
        type="search"
        aria-label={label}
        placeholder={placeholder}
        autoComplete="off"
        maxLength={80}
        value={value}
        data-focus-first={isFirst || undefined}
        onChange={event => onChange(event.currentTarget.value)}
        className={`hairline [&::-webkit-search-cancel-button]:hidden size-full rounded-full bg-fill ${input}`}
      />
      {value ? (
        <IconButton
          label="Clear the text"
          className={`absolute ${clear[1]}`}
          icon={<X aria-hidden size={clear[0]} />}
          onClick={() => onChange('')}
        />
      ) : null}
    </span>
  )
}
