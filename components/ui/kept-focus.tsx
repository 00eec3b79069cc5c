'use client'

import { type ReactNode, useEffect, useRef } from 'react'

const CONTROLS = 'button:not(:disabled), a[href], select:not(:disabled), input:not(:disabled)'

/** What stands here may go away under the focus: whatever takes its place has it then, so that a remote need not start over. */
export function KeptFocus({ className, children }: { className?: string; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const inside = box.current
    if (!inside) return
    let last: HTMLElement | null = null
    let place = 0
    const controls = () => [...inside.querySelectorAll<HTMLElement>(CONTROLS)]
    const note = ({ target }: FocusEvent) => {
      last = target instanceof HTMLElement ? target : null
      place = last === null ? 0 : controls().indexOf(last)
    }
    const observer = new MutationObserver(() => {
      if (last === null || last.isConnected || document.activeElement !== document.body) return
      const left = controls()
      ;(left[Math.min(Math.max(0, place), left.length - 1)] ?? inside).focus()
    })
    inside.addEventListener('focusin', note)
    observer.observe(inside, { childList: true, subtree: true })
    return () => {
      inside.removeEventListener('focusin', note)
      observer.disconnect()
    }
  }, [])
  return (
    <div ref={box} tabIndex={-1} className={`outline-none ${className ?? ''}`}>
      {children}
    </div>
  )
}
