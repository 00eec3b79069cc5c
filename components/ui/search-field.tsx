import { Search, X } from 'lucide-react'
import type { Ref } from 'react'
import { IconButton } from './icon-button'

interface SearchFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  ref?: Ref<HTMLInputElement>
}

/** A field that narrows what is listed below it. */
export function SearchField({ label, value, onChange, ref }: SearchFieldProps) {
  return (
    <span className="relative flex h-11 min-w-36 grow items-center sm:max-w-72">
      <Search aria-hidden size="1.125rem" strokeWidth={1.75} className="pointer-events-none absolute left-4 text-muted" />
      <input
        ref={ref}
        type="search"
        aria-label={label}
        placeholder={label}
        autoComplete="off"
        maxLength={80}
        value={value}
        onChange={event => onChange(event.currentTarget.value)}
        className="hairline [&::-webkit-search-cancel-button]:hidden size-full rounded-full bg-fill pr-11 pl-11 text-14 placeholder:text-muted"
      />
      {value ? (
        <IconButton
          label="Clear the text"
          className="absolute right-0"
          icon={<X aria-hidden size="1rem" />}
          onClick={() => onChange('')}
        />
      ) : null}
    </span>
  )
}
