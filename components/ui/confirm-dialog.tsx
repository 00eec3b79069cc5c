'use client'

import type { ReactNode } from 'react'
import { toFailure } from '@/components/shell/failure'
import { Button } from './button'
import { Dialog } from './dialog'
import { Notice } from './notice'

interface ConfirmDialogProps {
  title: string
  /** The way back: "Keep it". */
  keep: string
  act: string
  busy: boolean
  error: Error | null
  onAct: () => void
  onClose: () => void
  /** What happens, in sentences. */
  children: ReactNode
}

/** Says what an act does before it is done. */
export function ConfirmDialog({ title, keep, act, busy, error, onAct, onClose, children }: ConfirmDialogProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="flex flex-col gap-5">
        <div className="flex flex-col gap-3 text-muted">{children}</div>
        {error ? (
          <Notice tone="danger" live>
            {toFailure(error).say}
          </Notice>
        ) : null}
        <div className="flex flex-wrap justify-end gap-3">
          <Button onClick={onClose} data-focus-first>
            {keep}
          </Button>
          <Button tone="danger" busy={busy} onClick={onAct}>
            {act}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
