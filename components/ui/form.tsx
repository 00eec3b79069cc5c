'use client'

import { type ReactNode, useEffect, useRef } from 'react'
import { toFailure } from '@/components/shell/failure'
import { Notice } from './notice'

interface FormProps {
  label: string
  /** What the last attempt answered. At a field of `fields` the field shows it, else the form does. */
  error: Error | null
  fields: readonly string[]
  onSend: (values: Readonly<Record<string, string>>) => void
  className?: string
  children: (problemAt: (field: string) => string | undefined) => ReactNode
}

function readValues(form: HTMLFormElement): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') values[name] = value
  return values
}

/** A form that is judged by the server: its sentences land at the field at fault, and focus goes there. */
export function Form({ label, error, fields, onSend, className = '', children }: FormProps) {
  const form = useRef<HTMLFormElement>(null)
  const failure = error ? toFailure(error) : null
  const field = failure?.field
  const general = failure && (field === undefined || !fields.includes(field)) ? failure : null

  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [error])

  return (
    <form
      ref={form}
      aria-label={label}
      // Sent before the page is awake, what was typed would else stand in the address.
      method="post"
      noValidate
      className={`flex flex-col gap-5 ${className}`}
      onSubmit={event => {
        event.preventDefault()
        onSend(readValues(event.currentTarget))
      }}
    >
      {children(name => (name === field ? failure?.say : undefined))}
      {general ? (
        <Notice tone="danger" live>
          {general.say}
          <span className="mt-1 block text-12 text-faint">{general.code}</span>
        </Notice>
      ) : null}
    </form>
  )
}
