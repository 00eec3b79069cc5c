'use client'

import { FilePlus, Minus, Plus } from 'lucide-react'
import { useRef, useState } from 'react'
import { IconButton } from '@/components/ui/icon-button'
import { ChoiceList } from './choice-list'
import { isLive } from './engine/player-snapshot'
import { usePlayerState, useScene } from './scene'
import { SheetLink } from './sheet-link'

const OFF = 'off'
const SHIFT_STEP = 0.1
const icon = { 'aria-hidden': true, size: '1.25rem', strokeWidth: 1.75 } as const

function sayShift(seconds: number): string {
  if (seconds === 0) return 'As in the file'
  return `${Math.abs(seconds).toFixed(1)} s ${seconds > 0 ? 'later' : 'earlier'}`
}

/** Earlier and later, for a file that was made for another cut of the film. */
function ShiftRow() {
  const { player } = useScene()
  const delay = usePlayerState(player, state => state.subtitleDelay)
  if (delay === null) return null
  const { shiftSubtitles } = player.controls
  return (
    <div className="flex min-h-11 items-center gap-1 px-3">
      <span className="min-w-0 grow text-muted">
        Timing
        <output aria-live="polite" className="block text-12 text-faint tabular-nums">
          {sayShift(delay)}
        </output>
      </span>
      <IconButton label="Subtitles 0.1 s earlier" icon={<Minus {...icon} />} onClick={() => shiftSubtitles(-SHIFT_STEP)} />
      <IconButton label="Subtitles 0.1 s later" icon={<Plus {...icon} />} onClick={() => shiftSubtitles(SHIFT_STEP)} />
    </div>
  )
}

function FileLink() {
  const { player } = useScene()
  const input = useRef<HTMLInputElement>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const add = async (file: File | undefined) => setProblem(file ? await player.controls.addSubtitleFile(file) : null)
  return (
    <>
      <SheetLink icon={<FilePlus {...icon} />} onSelect={() => input.current?.click()}>
        Add a subtitle file
      </SheetLink>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="Subtitle file"
        accept=".srt,.vtt,.ass,.ssa,.txt,text/vtt,application/x-subrip"
        onChange={({ currentTarget }) => {
          void add(currentTarget.files?.[0])
          // The same file may be chosen again after it was mended.
          currentTarget.value = ''
        }}
      />
      {problem ? (
        <p role="alert" className="px-3 pb-2 text-14 text-danger">
          {problem}
        </p>
      ) : null}
    </>
  )
}

/** The subtitles there are, and the way to bring one's own for a film. */
export function SubtitleList() {
  const { player } = useScene()
  const subtitles = usePlayerState(player, state => state.choices.subtitles)
  const live = usePlayerState(player, isLive)
  const lines = [{ key: OFF, label: 'Off', active: !subtitles.some(choice => choice.active) }, ...subtitles]
  const pick = (key: string) => player.controls.pickSubtitles(key === OFF ? null : key)
  return (
    <>
      {subtitles.length > 0 ? <ChoiceList title="Subtitles" choices={lines} onPick={pick} /> : null}
      <ShiftRow />
      {live ? null : <FileLink />}
    </>
  )
}
