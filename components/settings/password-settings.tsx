'use client'

import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { callApi } from '@/components/shell/api'
import { Button } from '@/components/ui/button'
import { Form } from '@/components/ui/form'
import { PasswordField } from '@/components/ui/password-field'
import { showToast } from '@/components/ui/toast-store'

export function PasswordSettings() {
  const [round, setRound] = useState(0)
  const save = useMutation({
    mutationFn: ({ current, next }: Readonly<Record<string, string>>) =>
      callApi<unknown>('PUT', '/api/password', { current, next }),
    onSuccess: () => {
      showToast('Your new password works from now on.')
      setRound(round + 1)
    },
  })
  return (
    <Form
      key={round}
      label="Change password"
      error={save.error}
      fields={['current', 'next']}
      onSend={values => save.mutate(values)}
    >
      {problemAt => (
        <>
          <PasswordField label="Current password" name="current" autoComplete="current-password" problem={problemAt('current')} />
          <PasswordField
            label="New password"
            name="next"
            autoComplete="new-password"
            hint="At least 10 characters."
            problem={problemAt('next')}
          />
          <Button type="submit" tone="primary" busy={save.isPending} className="self-start">
            Change password
          </Button>
        </>
      )}
    </Form>
  )
}
