import { Field } from '@/components/ui/field'
import { SelectField } from '@/components/ui/select-field'
import type { GuideSourceView } from '@/lib/epg/schema'
import { GuideFileField } from './guide-file-field'
import { refreshChoices } from './guide-words'

interface GuideOriginFieldsProps {
  source: GuideSourceView | null
  problemAt: (field: string) => string | undefined
  onFile: (file: string) => void
}

/** What an added guide is called, and where it comes from. */
export function GuideOriginFields({ source, problemAt, onFile }: GuideOriginFieldsProps) {
  return (
    <>
      <Field
        label="Name"
        name="name"
        maxLength={60}
        defaultValue={source?.name ?? ''}
        problem={problemAt('name')}
        data-focus-first
      />
      <Field
        label="Address"
        name="url"
        inputMode="url"
        autoCapitalize="none"
        spellCheck={false}
        placeholder={source === null ? 'https://guide.example/guide.xml.gz' : source.address}
        hint={source === null ? 'XMLTV, packed with gzip or zip or not at all.' : 'Leave it empty to keep what is there.'}
        problem={problemAt('url')}
      />
      <GuideFileField problem={problemAt('file')} onRead={onFile} />
      <SelectField
        label="Read it"
        name="refreshHours"
        options={refreshChoices}
        defaultValue={String(source?.refreshHours ?? 24)}
      />
    </>
  )
}
