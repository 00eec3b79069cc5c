'use client'

import { FileText, Link2, Upload } from 'lucide-react'
import { useId, useState } from 'react'
import { Chip } from '@/components/ui/chip'
import { Field } from '@/components/ui/field'
import type { SourceDraft } from './source-draft'

interface PlaylistFieldsProps {
  draft: SourceDraft
  problemAt: (field: string) => string | undefined
  onChange: (change: Partial<SourceDraft>) => void
}

const MEGABYTE = 1_000_000
const LARGEST = 20 * MEGABYTE

function FileChoice({ draft, problemAt, onChange }: PlaylistFieldsProps) {
  const id = useId()
  const [tooLarge, setTooLarge] = useState(false)
  const problem = tooLarge ? 'This file is larger than 20 MB.' : problemAt('playlistText')
  const read = async (file: File | undefined) => {
    setTooLarge((file?.size ?? 0) > LARGEST)
    if (!file || file.size > LARGEST) return
    onChange({ playlistText: await file.text(), fileName: file.name, playlistUrl: '' })
  }
  return (
    <div className="flex flex-col gap-1.5">
      <label
        htmlFor={id}
        className={`relative flex h-24 flex-col items-center justify-center gap-2 rounded-cell border border-dashed text-14 text-muted transition-colors hover:bg-fill has-focus-visible:outline-3 has-focus-visible:outline-accent ${problem ? 'border-danger' : 'border-line-strong'}`}
      >
        {draft.fileName ? (
          <FileText aria-hidden size="1.5rem" strokeWidth={1.75} className="text-accent" />
        ) : (
          <Upload aria-hidden size="1.5rem" strokeWidth={1.75} />
        )}
        <span className="max-w-full truncate px-4">{draft.fileName || 'Choose a playlist file'}</span>
        <input
          id={id}
          type="file"
          accept=".m3u,.m3u8,audio/x-mpegurl,application/vnd.apple.mpegurl,text/plain"
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? `${id}-note` : undefined}
          onChange={event => void read(event.currentTarget.files?.[0])}
          className="absolute inset-0 size-full cursor-pointer opacity-0"
        />
      </label>
      {problem ? (
        <span id={`${id}-note`} role="alert" className="text-14 text-danger">
          {problem}
        </span>
      ) : null}
    </div>
  )
}

/** Where the playlist is: at an address, or in a file of this device. */
export function PlaylistFields({ draft, problemAt, onChange }: PlaylistFieldsProps) {
  const [byFile, setByFile] = useState(draft.playlistText !== '')
  return (
    <>
      <fieldset className="flex gap-2">
        <legend className="sr-only">Where the playlist is</legend>
        <Chip selected={!byFile} icon={<Link2 aria-hidden size="1rem" />} onClick={() => setByFile(false)}>
          Address
        </Chip>
        <Chip selected={byFile} icon={<Upload aria-hidden size="1rem" />} onClick={() => setByFile(true)}>
          File
        </Chip>
      </fieldset>
      {byFile ? (
        <FileChoice draft={draft} problemAt={problemAt} onChange={onChange} />
      ) : (
        <Field
          label="Playlist address"
          name="playlistUrl"
          inputMode="url"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="http://tv.example/list.m3u"
          value={draft.playlistUrl}
          problem={problemAt('playlistUrl') ?? problemAt('playlistText')}
          onChange={event => onChange({ playlistUrl: event.currentTarget.value, playlistText: '', fileName: '' })}
        />
      )}
    </>
  )
}
