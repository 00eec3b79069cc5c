'use client'

import { useState } from 'react'

const LONG = 320

/** Long text is folded to four lines; people who want it open it. */
export function LongText({ text }: { text: string }) {
  const [open, setOpen] = useState(false)
  const long = text.length > LONG
  return (
    <div className="max-w-2xl">
      <p className={`whitespace-pre-line text-muted ${long && !open ? 'line-clamp-4' : ''}`}>{text}</p>
      {long ? (
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="mt-1 rounded-cell py-1 font-strong text-14 text-accent underline-offset-4 hover:underline"
        >
          {open ? 'Less' : 'More'}
        </button>
      ) : null}
    </div>
  )
}
