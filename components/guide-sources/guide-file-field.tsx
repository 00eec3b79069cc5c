'use client'

import { useId, useState } from 'react'

interface GuideFileFieldProps {
  problem: string | undefined
  /** The file in base64; empty when there is none. */
  onRead: (file: string) => void
}

/** What a request can carry, in base64. */
const LARGEST = 17_000_000

function readBase64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).replace(/^data:[^,]*,/, ''))
    reader.onerror = () => reject(reader.error ?? new Error('The file cannot be read.'))
    reader.readAsDataURL(file)
  })
}

/** A guide from this device, instead of an address. */
export function GuideFileField({ problem, onRead }: GuideFileFieldProps) {
  const id = useId()
  const [own, setOwn] = useState<string>()
  const shown = own ?? problem
  const read = async (file: File | undefined) => {
    onRead('')
    setOwn(undefined)
    if (!file) return
    if (file.size > LARGEST) {
      setOwn('This file is larger than 17 MB. Pack it with gzip.')
      return
    }
    try {
      onRead(await readBase64(file))
    } catch {
      setOwn('This file cannot be read.')
    }
  }
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-strong text-14">
        Or a file
      </label>
      <input
        id={id}
        type="file"
        accept=".xml,.xmltv,.gz,.zip"
        aria-invalid={shown ? true : undefined}
        aria-describedby={shown ? `${id}-note` : undefined}
        onChange={event => void read(event.currentTarget.files?.[0])}
        className="min-h-12 rounded-cell border border-line-strong bg-fill px-4 py-3 text-14"
      />
      {shown ? (
        <span id={`${id}-note`} role="alert" className="text-14 text-danger">
          {shown}
        </span>
      ) : null}
    </div>
  )
}
