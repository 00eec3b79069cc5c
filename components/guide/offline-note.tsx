'use client'

import { CloudOff } from 'lucide-react'
import { useOnline } from '@/components/shell/use-online'
import { DAY } from '@/lib/kernel/time'
import { sayDay, sayTime } from './guide-words'

function sayMoment(at: number): string {
  const now = Date.now()
  return now - at < DAY / 2 ? sayTime(at) : `${sayDay(at, now)} ${sayTime(at)}`
}

interface OfflineNoteProps {
  /** The server was asked and did not answer. */
  failed: boolean
  /** Of when what is shown is; null when there is nothing. */
  since: number | null
}

/** "Offline · guide from 20:15", while that is so. */
export function OfflineNote({ failed, since }: OfflineNoteProps) {
  const online = useOnline()
  const shown = !online || (failed && since !== null)
  return (
    <p role="status" className={shown ? 'flex items-center gap-2 font-strong text-14 text-warn' : 'sr-only'}>
      {shown ? (
        <>
          <CloudOff aria-hidden size="1.125rem" strokeWidth={1.75} />
          {since === null ? 'Offline' : `Offline · guide from ${sayMoment(since)}`}
        </>
      ) : null}
    </p>
  )
}
