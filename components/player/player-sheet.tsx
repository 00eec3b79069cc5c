'use client'

import { X } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { IconButton } from '@/components/ui/icon-button'
import { useScene } from './scene'

interface PlayerSheetProps {
  title: string
  side: 'left' | 'right'
  /** Stays above the part that scrolls. */
  head?: ReactNode
  /** Nothing in it can be pressed: the text itself takes the focus, to be scrolled with arrows. */
  reads?: boolean
  /** The content scrolls by itself. */
  scrolls?: boolean
  children: ReactNode
}

const sides = {
  left: 'md:left-0 md:right-auto md:rounded-r-sheet md:w-[26rem] min-[1600px]:w-[30rem]',
  right: 'md:left-auto md:right-0 md:rounded-l-sheet md:w-[22rem] min-[1600px]:w-[26rem]',
}

/** A sheet at the edge of the picture, which runs on beside it. Takes the focus and gives it back. */
export function PlayerSheet({ title, side, head, scrolls = false, reads = false, children }: PlayerSheetProps) {
  const { show } = useScene()
  const sheet = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const opener = document.activeElement
    const find = (selector: string) => sheet.current?.querySelector<HTMLElement>(selector)
    const first =
      find('[aria-checked="true"], [aria-current="true"]') ??
      find('[data-sheet-body] button:not(:disabled), [data-sheet-body][tabindex]')
    ;(first ?? sheet.current)?.focus({ preventScroll: true })
    first?.scrollIntoView({ block: 'nearest' })
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected && opener !== document.body) opener.focus({ preventScroll: true })
    }
  }, [])
  return (
    <div
      ref={sheet}
      role="dialog"
      aria-label={title}
      tabIndex={-1}
      data-player-layer
      className={`rise absolute inset-x-0 bottom-0 flex max-h-[72dvh] flex-col rounded-t-sheet bg-canvas/90 shadow-float outline-none backdrop-blur-2xl md:inset-y-0 md:max-h-none md:rounded-none ${sides[side]}`}
    >
      <div className="flex items-center justify-between gap-4 pt-3 pr-3 pl-6 md:pt-5">
        <h2 className="font-title text-20">{title}</h2>
        <IconButton label="Close" icon={<X aria-hidden size="1.25rem" strokeWidth={1.75} />} onClick={() => show(null)} />
      </div>
      {head}
      <div
        data-sheet-body
        tabIndex={reads ? 0 : undefined}
        className={`min-h-0 grow ${reads ? 'mx-1 mt-2 mb-1 rounded-card -outline-offset-3' : ''} ${scrolls ? '' : 'overflow-y-auto overscroll-contain px-3 pt-1 pb-6'}`}
      >
        {children}
      </div>
    </div>
  )
}
