import { ListVideo, Server } from 'lucide-react'
import type { ProviderKind } from '@/lib/providers/schema'

interface KindChoiceProps {
  value: ProviderKind
  onChange: (kind: ProviderKind) => void
}

const kinds = [
  { value: 'xtream', label: 'Xtream login', Icon: Server },
  { value: 'm3u', label: 'M3U playlist', Icon: ListVideo },
] as const

/** Which of the two forms of a source this is. */
export function KindChoice({ value, onChange }: KindChoiceProps) {
  return (
    <fieldset>
      <legend className="sr-only">Kind of source</legend>
      <div className="grid grid-cols-2 gap-2">
        {kinds.map(({ value: kind, label, Icon }) => (
          <label
            key={kind}
            className={`relative flex h-13 cursor-pointer items-center justify-center gap-2.5 rounded-cell border text-14 transition-colors duration-120 has-focus-visible:outline-3 has-focus-visible:outline-accent has-focus-visible:outline-offset-2 ${value === kind ? 'border-accent bg-accent-soft font-strong text-text' : 'border-line-strong text-muted hover:bg-fill'}`}
          >
            <input
              type="radio"
              name="kind"
              value={kind}
              checked={value === kind}
              onChange={() => onChange(kind)}
              className="absolute inset-0 size-full cursor-pointer opacity-0"
            />
            <Icon aria-hidden size="1.25rem" strokeWidth={1.75} />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
