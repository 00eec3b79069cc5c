'use client'

import { type ReactNode, useEffect, useRef } from 'react'
import { Chip } from '@/components/ui/chip'
import type { LineUp } from './use-line-up'

interface GroupChipsProps {
  lineUp: LineUp
  /** Stands before them. */
  children?: ReactNode
}

/** Every group of channels; the one that is walked through is marked and in view. */
export function GroupChips({ lineUp, children }: GroupChipsProps) {
  const row = useRef<HTMLDivElement>(null)
  const { scope, groups, setScope } = lineUp
  useEffect(() => {
    if (scope) row.current?.querySelector('[aria-pressed="true"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [scope])
  return (
    <div ref={row} className="flex shrink-0 gap-2 overflow-x-auto px-6 pt-1 pb-3 [scrollbar-width:none]">
      {children}
      {groups.map(group => (
        <Chip key={group.key} selected={group.key === scope} onClick={() => setScope(group.key)}>
          {group.name}
        </Chip>
      ))}
    </div>
  )
}
