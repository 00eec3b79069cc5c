'use client'

import { type ReactNode, type RefObject, useEffect, useId, useRef, useState } from 'react'

interface MenuProps {
  /** Accessible name of the button, when its content does not say enough. */
  label: string
  button: ReactNode
  buttonClassName?: string
  align?: 'left' | 'right'
  children: (close: () => void) => ReactNode
}

function useOutsideClick(open: boolean, box: RefObject<HTMLElement | null>, close: () => void): void {
  useEffect(() => {
    if (!open) return
    const onPointer = (event: PointerEvent) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) close()
    }
    document.addEventListener('pointerdown', onPointer)
    return () => document.removeEventListener('pointerdown', onPointer)
  }, [open, box, close])
}

/** A short list that drops from a button. Arrow keys come from the spatial engine (`data-focus-layer`). */
export function Menu({ label, button, buttonClassName = '', align = 'right', children }: MenuProps) {
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const opener = useRef<HTMLButtonElement>(null)
  const id = useId()
  const close = useRef(() => setOpen(false)).current
  const leave = () => {
    close()
    opener.current?.focus()
  }
  useOutsideClick(open, box, close)

  return (
    <div ref={box} className="relative">
      <button
        ref={opener}
        type="button"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        className={buttonClassName}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open ? (
        <div
          id={id}
          role="menu"
          aria-label={label}
          tabIndex={-1}
          data-focus-layer
          ref={element => {
            element?.querySelector<HTMLElement>('[aria-checked="true"], [role^="menuitem"]')?.focus()
          }}
          onKeyDown={event => {
            if (event.key !== 'Escape' && event.key !== 'Tab') return
            if (event.key === 'Escape') event.preventDefault()
            leave()
          }}
          className={`rise hairline absolute top-[calc(100%+0.5rem)] z-30 flex max-h-[min(28rem,70dvh)] w-max min-w-56 max-w-88 flex-col overflow-y-auto overscroll-contain rounded-card bg-raised p-1.5 shadow-float max-md:fixed max-md:inset-x-0 max-md:top-auto max-md:bottom-0 max-md:z-40 max-md:w-full max-md:max-w-none max-md:rounded-b-none max-md:rounded-t-sheet max-md:p-3 max-md:pb-8 max-md:shadow-[0_0_0_100vmax_rgb(4_5_8/0.72)] ${align === 'right' ? 'right-0' : 'left-0'}`}
        >
          {children(leave)}
        </div>
      ) : null}
    </div>
  )
}
