import { Check } from 'lucide-react'

export interface ChoiceLine {
  key: string
  label: string
  active: boolean
  /** A second, fainter line. */
  note?: string
}

interface ChoiceListProps {
  title: string
  choices: readonly ChoiceLine[]
  onPick: (key: string) => void
}

/** One of several, each a line wide enough for a thumb. */
export function ChoiceList({ title, choices, onPick }: ChoiceListProps) {
  return (
    <div role="radiogroup" aria-label={title} className="mt-3">
      <h3 className="px-3 pb-1 text-14 text-faint">{title}</h3>
      {choices.map(choice => (
        // biome-ignore lint/a11y/useSemanticElements: arrow keys walk all lines of a sheet, not one group
        <button
          key={choice.key}
          type="button"
          role="radio"
          aria-checked={choice.active}
          onClick={() => onPick(choice.key)}
          className="flex min-h-11 w-full items-center gap-3 rounded-cell px-3 py-1.5 text-left hover:bg-white/10 focus-visible:bg-white/10 focus-visible:outline-offset-[-3px]"
        >
          <span className="min-w-0 grow">
            <span className={`block truncate ${choice.active ? 'font-strong' : 'text-muted'}`}>{choice.label}</span>
            {choice.note ? <span className="block text-12 text-faint">{choice.note}</span> : null}
          </span>
          {choice.active ? <Check aria-hidden size="1.125rem" strokeWidth={2.25} className="shrink-0 text-accent" /> : null}
        </button>
      ))}
    </div>
  )
}
