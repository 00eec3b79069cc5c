import { Button } from '@/components/ui/button'
import type { GuideChannelChoice } from '@/lib/epg/schema'

interface ChoiceLineProps {
  choice: GuideChannelChoice
  /** "Use this", or nothing where it is in use. */
  act: string | null
  busy: boolean
  onChoose: () => void
}

/** One channel of a guide, with what is on there: that tells at once whether it is the right one. */
export function ChoiceLine({ choice, act, busy, onChoose }: ChoiceLineProps) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-cell bg-fill px-4 py-2">
      <div className="min-w-40 grow">
        <p className="truncate font-strong text-14">{choice.name}</p>
        <p className="truncate text-12 text-muted">
          {choice.xmltvId} · {choice.source}
          {choice.score > 0 && choice.score < 1 ? ` · ${Math.round(choice.score * 100)} % alike` : ''}
        </p>
        <p className="truncate text-14">{choice.now === null ? 'Nothing on now' : `Now: ${choice.now}`}</p>
      </div>
      {act === null ? null : (
        <Button size="small" busy={busy} aria-label={`${act}: ${choice.name}, ${choice.source}`} onClick={onChoose}>
          {act}
        </Button>
      )}
    </li>
  )
}
