'use client'

import { type RefObject, useEffect, useRef, useState } from 'react'
import { SearchField } from '@/components/ui/search-field'
import { changeFilters } from './use-filters'
import { useLateWrite } from './use-late-write'

interface FilterFieldProps {
  label: string
  value: string
  /** False where letters are keys of the screen. */
  anywhere?: boolean
}

const PAUSE_MS = 180

const writeText = (text: string) => changeFilters({ text })

/** A letter typed anywhere on the screen goes into the field. */
function useTyping(field: RefObject<HTMLInputElement | null>, anywhere: boolean): void {
  useEffect(() => {
    if (!anywhere) return
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !/^\p{L}$/u.test(event.key)) return
      const elsewhere = document.querySelector('dialog[open], [data-focus-layer]')
      const typing = document.activeElement?.matches('input, textarea, select')
      if (!elsewhere && !typing) field.current?.focus({ preventScroll: true })
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [field, anywhere])
}

/** Typing filters the list, a breath after the last letter. */
export function FilterField({ label, value, anywhere = true }: FilterFieldProps) {
  const [text, setText] = useState(value)
  const [seen, setSeen] = useState(value)
  const field = useRef<HTMLInputElement>(null)
  // "Clear filters" empties the address from outside; letters typed meanwhile are never taken back.
  if (value !== seen) {
    setSeen(value)
    if (value === '') setText('')
  }
  useTyping(field, anywhere)
  useLateWrite(text, PAUSE_MS, writeText)
  return <SearchField ref={field} label={label} value={text} onChange={setText} />
}
