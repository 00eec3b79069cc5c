import { Field } from '@/components/ui/field'
import { MoreOptions } from '@/components/ui/more-options'
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
    <MoreOptions label="More options" open={problem !== undefined}>
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
    </MoreOptions>
  )
}
