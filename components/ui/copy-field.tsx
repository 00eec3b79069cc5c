'use client'

import { Check, Copy } from 'lucide-react'
import { useRef, useState } from 'react'
import { Field } from './field'
import { IconButton } from './icon-button'
import { showToast } from './toast-store'

interface CopyFieldProps {
  label: string
  value: string
  /** What stands on the button: "Copy the link". */
  copy: string
  className?: string
}

/** A text to take elsewhere: one press copies it. */
export function CopyField({ label, value, copy, className = '' }: CopyFieldProps) {
  const box = useRef<HTMLDivElement>(null)
  const [copied, setCopied] = useState(false)
  const Icon = copied ? Check : Copy
  const take = async () => {
    try {
      await navigator.clipboard.writeText(value)
      setCopied(true)
      showToast('Copied.')
    } catch {
      // Pages without https may not write to the clipboard: select it, so that two keys do.
      const input = box.current?.querySelector('input')
      input?.focus()
      input?.select()
      showToast('The text is selected. Copy it with your keyboard or by holding it.')
    }
  }
  return (
    // Beside the box, not inside it: the arrow keys of a remote go from one thing to the next. Smaller on phones: a whole
    // password must be seen, for it is typed elsewhere.
    <div ref={box} className={`flex min-w-0 items-end gap-1 max-sm:[&_input]:px-3 max-sm:[&_input]:text-14 ${className}`}>
      <Field label={label} readOnly value={value} spellCheck={false} className="min-w-0 grow" />
      <IconButton
        label={copy}
        className="mb-0.5"
        icon={<Icon aria-hidden size="1.25rem" strokeWidth={1.75} className={copied ? 'text-ok' : ''} />}
        onClick={() => void take()}
      />
    </div>
  )
}
