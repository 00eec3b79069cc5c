import { Field } from '@/components/ui/field'
import type { RulesDraft } from './rules-draft'

interface RulesFieldsProps {
  draft: RulesDraft
  onChange: (draft: RulesDraft) => void
}

const plain = { autoCapitalize: 'none', autoCorrect: 'off', spellCheck: false, autoComplete: 'off' } as const

const groups = [
  {
    title: 'Places, by internet address',
    hint: 'Single addresses or whole networks, with commas between them.',
    fields: [
      { name: 'allowNetworks', label: 'Only from these addresses', placeholder: '203.0.113.7, 198.51.100.0/24' },
      { name: 'blockNetworks', label: 'Never from these addresses', placeholder: '' },
    ],
  },
  {
    title: 'Places, by country',
    hint: 'Two letters each, with commas between them.',
    fields: [
      { name: 'allowCountries', label: 'Only from these countries', placeholder: 'ES, PT' },
      { name: 'blockCountries', label: 'Never from these countries', placeholder: '' },
    ],
  },
  {
    title: 'Apps',
    hint: 'A part of the app’s name is enough.',
    fields: [
      { name: 'allowApps', label: 'Only these apps', placeholder: 'TiviMate, Kodi' },
      { name: 'blockApps', label: 'Never these apps', placeholder: '' },
    ],
  },
] as const

/** Where from and with what; empty means anywhere and anything. */
export function RulesFields({ draft, onChange }: RulesFieldsProps) {
  return groups.map(({ title, hint, fields }) => (
    <fieldset key={title} className="flex flex-col gap-3">
      <legend className="font-strong text-14">{title}</legend>
      <p className="mt-0.5 text-14 text-muted">{hint}</p>
      {fields.map(({ name, label, placeholder }) => (
        <Field
          {...plain}
          key={name}
          label={label}
          name={name}
          placeholder={placeholder}
          value={draft[name]}
          onChange={event => onChange({ ...draft, [name]: event.currentTarget.value })}
        />
      ))}
    </fieldset>
  ))
}
