'use client'

import { LayoutGrid, Rows3 } from 'lucide-react'
import { chooseDensity, type Density, useDensity } from '@/components/shell/preferences'

const looks: readonly { value: Density; label: string; Icon: typeof Rows3 }[] = [
  { value: 'rows', label: 'Show as a list', Icon: Rows3 },
  { value: 'tiles', label: 'Show as tiles', Icon: LayoutGrid },
]

export function DensitySwitch() {
  const density = useDensity()
  return (
    <div className="hairline flex h-11 items-center rounded-full bg-fill p-1">
      {looks.map(({ value, label, Icon }) => (
        <button
          key={value}
          type="button"
          aria-label={label}
          aria-pressed={density === value}
          title={label}
          onClick={() => chooseDensity(value)}
          className={`flex h-full w-11 items-center justify-center rounded-full transition-colors duration-120 ${density === value ? 'bg-fill-strong text-accent' : 'text-muted hover:text-text'}`}
        >
          <Icon aria-hidden size="1.125rem" strokeWidth={1.75} />
        </button>
      ))}
    </div>
  )
}
