'use client'

import type { KeyboardEvent } from 'react'

interface TabsProps {
  label: string
  /** Prefix of ids: a panel is `${id}-panel`, a tab `${id}-tab-${value}`. */
  id: string
  tabs: readonly { value: string; label: string }[]
  value: string
  onChange: (value: string) => void
}

function findNeighbour(event: KeyboardEvent<HTMLDivElement>): HTMLElement | undefined {
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')]
  const at = all.findIndex(tab => tab.matches(':focus'))
  return step === 0 || at < 0 ? undefined : all[at + step]
}

/** Tabs with a roving focus: one stop for Tab, arrows between them. */
export function Tabs({ label, id, tabs, value, onChange }: TabsProps) {
  return (
    <div
      role="tablist"
      aria-label={label}
      tabIndex={-1}
      className="scroll-quiet -mx-1 flex gap-1 overflow-x-auto px-1 py-1"
      onKeyDown={event => {
        const neighbour = findNeighbour(event)
        if (!neighbour) return
        event.preventDefault()
        neighbour.focus()
        neighbour.click()
      }}
    >
      {tabs.map(tab => {
        const selected = tab.value === value
        return (
          <button
            key={tab.value}
            id={`${id}-tab-${tab.value}`}
            type="button"
            role="tab"
            aria-selected={selected}
            aria-controls={selected ? `${id}-panel` : undefined}
            tabIndex={selected ? 0 : -1}
            onClick={event => {
              event.currentTarget.scrollIntoView({ block: 'nearest', inline: 'nearest' })
              onChange(tab.value)
            }}
            className={`h-10 shrink-0 rounded-full px-4 text-14 transition-colors duration-120 ${selected ? 'bg-text font-strong text-canvas' : 'text-muted hover:bg-fill hover:text-text'}`}
          >
            {tab.label}
          </button>
        )
      })}
    </div>
  )
}
