'use client'

import { useState } from 'react'
import { Field } from '@/components/ui/field'
import { PasswordField } from '@/components/ui/password-field'
import { findPastedLogin } from './pasted-login'
import type { SourceDraft } from './source-draft'

interface LoginFieldsProps {
  draft: SourceDraft
  /** An edit: what is left empty stays as it is. */
  editing?: boolean
  problemAt: (field: string) => string | undefined
  onChange: (change: Partial<SourceDraft>) => void
}

/** Address, user name and password of an Xtream provider. Pasting a whole link into the first fills all three. */
export function LoginFields({ draft, editing = false, problemAt, onChange }: LoginFieldsProps) {
  const [takenApart, setTakenApart] = useState(false)
  const changeAddress = (value: string) => {
    const login = findPastedLogin(value)
    setTakenApart(login !== null)
    onChange(login ?? { address: value })
  }
  const keep = editing ? 'Leave empty to keep the one we have.' : undefined
  const plain = { autoCapitalize: 'none', autoCorrect: 'off', spellCheck: false, autoComplete: 'off' } as const
  return (
    <>
      <Field
        {...plain}
        label="Server address"
        name="address"
        inputMode="url"
        placeholder="http://tv.example:8080"
        hint={
          <span aria-live="polite">
            {takenApart
              ? 'User name and password were taken from the link you pasted.'
              : 'You can paste the whole link your provider sent.'}
          </span>
        }
        value={draft.address}
        problem={problemAt('address')}
        onChange={event => changeAddress(event.currentTarget.value)}
        data-focus-first
      />
      <Field
        {...plain}
        label="User name"
        name="username"
        hint={keep}
        value={draft.username}
        problem={problemAt('username')}
        onChange={event => onChange({ username: event.currentTarget.value })}
      />
      <PasswordField
        {...plain}
        label="Password"
        name="password"
        hint={keep}
        value={draft.password}
        problem={problemAt('password')}
        onChange={event => onChange({ password: event.currentTarget.value })}
      />
    </>
  )
}
