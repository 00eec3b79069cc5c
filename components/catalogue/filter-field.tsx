'use client'

import { Search, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { IconButton } from '@/components/ui/icon-button'
import { changeFilters } from './use-filters'

interface FilterFieldProps {
  label: string
  value: string
}

const PAUSE_MS = 180

/** Typing filters the list, a breath after the last letter. */
export function FilterField({ label, value }: FilterFieldProps) {
  const [text, setText] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => changeFilters({ text: text.trim() }), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <span className="relative flex h-11 min-w-36 grow items-center sm:max-w-72">
      <Search aria-hidden size="1.125rem" strokeWidth={1.75} className="pointer-events-none absolute left-4 text-muted" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        autoComplete="off"
        maxLength={80}
        value={text}
        onChange={event => setText(event.currentTarget.value)}
        className="hairline [&::-webkit-search-cancel-button]:hidden size-full rounded-full bg-fill pr-11 pl-11 text-14 placeholder:text-muted"
      />
      {text ? (
        <IconButton
          label="Clear the text"
          className="absolute right-0"
          icon={<X aria-hidden size="1rem" />}
          onClick={() => setText('')}
        />
      ) : null}
    </span>
  )
}
