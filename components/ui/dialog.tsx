'use client'

import { X } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { IconButton } from './icon-button'

interface DialogProps {
  title: string
  /** `sheet` comes from the right edge (from the bottom on phones) and suits long content. */
  shape?: 'box' | 'sheet'
  onClose: () => void
  children: ReactNode
}

const shapes = {
  box: 'm-auto w-[min(34rem,calc(100vw-2rem))] max-h-[calc(100dvh-2rem)] rounded-sheet',
  sheet:
    'mt-auto w-full max-h-[88dvh] rounded-t-sheet md:mt-0 md:ml-auto md:h-dvh md:max-h-none md:w-[28rem] md:rounded-t-none md:rounded-l-sheet',
}

/** The native modal: the browser keeps focus inside, closes on Escape and gives focus back. Mount it to open it. */
export function Dialog({ title, shape = 'box', onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()

  useEffect(() => {
    const element = dialog.current
    const opener = document.activeElement
    if (element && !element.open) element.showModal()
    element?.querySelector<HTMLElement>('[data-focus-first]')?.focus()
    return () => {
      element?.close()
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true })
    }
  }, [])

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard closes a native dialog with Escape
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={event => {
        event.preventDefault()
        onClose()
      }}
      onClick={event => {
        if (event.target === event.currentTarget) onClose()
      }}
      className={`rise hairline max-w-none overflow-hidden bg-surface p-0 text-text shadow-float ${shapes[shape]}`}
    >
      <div className="flex max-h-[inherit] flex-col md:h-full">
        <header className="flex items-center justify-between gap-4 py-3 pr-3 pl-6">
          <h2 id={titleId} className="font-title text-20">
            {title}
          </h2>
          <IconButton label="Close" icon={<X aria-hidden size="1.25rem" strokeWidth={1.75} />} onClick={onClose} />
        </header>
        <div className="overflow-y-auto overscroll-contain px-6 pt-1 pb-6">{children}</div>
      </div>
    </dialog>
  )
}
