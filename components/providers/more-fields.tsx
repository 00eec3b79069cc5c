import { ChevronRight } from 'lucide-react'
import { Field } from '@/components/ui/field'
import { SelectField } from '@/components/ui/select-field'
import { Switch } from '@/components/ui/switch'
import { refreshChoices, type SourceDraft, toRefreshHours } from './source-draft'

interface MoreFieldsProps {
  draft: SourceDraft
  admin: boolean
  problemAt: (field: string) => string | undefined
  onChange: (change: Partial<SourceDraft>) => void
}

/** What most people never change, folded away. */
export function MoreFields({ draft, admin, problemAt, onChange }: MoreFieldsProps) {
  const problem = problemAt('guideUrl') ?? problemAt('userAgent')
  return (
    <details className="group" open={problem ? true : undefined}>
      <summary className="flex h-10 w-fit cursor-pointer list-none items-center gap-2 rounded-cell pr-3 text-14 text-muted hover:text-text">
        <ChevronRight aria-hidden size="1.125rem" className="transition-transform duration-120 group-open:rotate-90" />
        More options
      </summary>
      <div className="mt-3 flex flex-col gap-5">
        <SelectField
          label="Refresh"
          name="refreshHours"
          options={refreshChoices}
          value={String(draft.refreshHours)}
          onChange={event => onChange({ refreshHours: toRefreshHours(event.currentTarget.value) })}
        />
        {draft.kind === 'm3u' ? (
          <Field
            label="Guide address"
            name="guideUrl"
            inputMode="url"
            placeholder="http://tv.example/guide.xml"
            hint="XMLTV, if your provider has one."
            value={draft.guideUrl}
            problem={problemAt('guideUrl')}
            onChange={event => onChange({ guideUrl: event.currentTarget.value })}
          />
        ) : null}
        <Field
          label="Player name"
          name="userAgent"
          hint="What we call ourselves to the provider. Only if it asks for a certain app."
          value={draft.userAgent}
          problem={problemAt('userAgent')}
          onChange={event => onChange({ userAgent: event.currentTarget.value })}
        />
        <Switch
          label="Combine channels with my other sources"
          hint="What has the same name becomes one entry, and you choose its source in the player."
          checked={draft.autoMerge}
          onChange={autoMerge => onChange({ autoMerge })}
        />
        {admin ? (
          <Switch
            label="For everyone"
            hint="Every account on this server sees this source."
            checked={draft.platform}
            onChange={platform => onChange({ platform })}
          />
        ) : null}
      </div>
    </details>
  )
}
