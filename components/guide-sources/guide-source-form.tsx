'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { callApi } from '@/components/shell/api'
import { Button } from '@/components/ui/button'
import { Form } from '@/components/ui/form'
import { SelectField } from '@/components/ui/select-field'
import { showToast } from '@/components/ui/toast-store'
import type { GuideSourceView } from '@/lib/epg/schema'
import { GuideOriginFields } from './guide-origin-fields'
import { priorityChoices, shiftChoices } from './guide-words'
import { ROOM } from './queries'

interface GuideSourceFormProps {
  platform: boolean
  /** Null: a new one. */
  source: GuideSourceView | null
  onDone: () => void
}

const fields = ['name', 'url', 'file'] as const

/** Adds a guide or changes one. What is left empty stays as it was; a provider's own guide has an order and a shift only. */
export function GuideSourceForm({ platform, source, onDone }: GuideSourceFormProps) {
  const [file, setFile] = useState('')
  const client = useQueryClient()
  const isOwn = source !== null && source.providerId !== null
  const save = useMutation({
    mutationFn: (values: Readonly<Record<string, string>>) => {
      const { name = '', url = '', refreshHours = '24', priority = '10', shiftMinutes = '0' } = values
      const settings = { priority: Number(priority), shiftMinutes: Number(shiftMinutes) }
      const content = file ? { file } : url ? { url } : {}
      const more = { name, refreshHours: Number(refreshHours), ...content }
      if (source === null) return callApi<GuideSourceView>('POST', '/api/guide-sources', { ...settings, ...more, platform })
      const { shiftMinutes: shift, ...order } = settings
      // An equal shift would have the guide read again for nothing.
      const changed = shift === source.shiftMinutes ? order : settings
      return callApi<GuideSourceView>('PATCH', `/api/guide-sources/${source.id}`, isOwn ? changed : { ...changed, ...more })
    },
    onSuccess: async saved => {
      showToast(source === null ? `${saved.name} is being read.` : `${saved.name} was saved.`)
      onDone()
      await client.invalidateQueries({ queryKey: [ROOM] })
    },
  })
  return (
    <Form label={source === null ? 'Add a guide' : `Edit ${source.name}`} error={save.error} fields={fields} onSend={save.mutate}>
      {problemAt => (
        <>
          {isOwn ? null : <GuideOriginFields source={source} problemAt={problemAt} onFile={setFile} />}
          <SelectField
            label="Order"
            name="priority"
            options={priorityChoices(source?.priority ?? 10)}
            defaultValue={String(source?.priority ?? 10)}
            hint="Where several guides know a channel, the earlier one gives its programmes."
          />
          <SelectField
            label="Times"
            name="shiftMinutes"
            options={shiftChoices(source?.shiftMinutes ?? 0)}
            defaultValue={String(source?.shiftMinutes ?? 0)}
            hint="For a guide whose times are off."
          />
          <Button type="submit" tone="primary" size="large" busy={save.isPending}>
            {source === null ? 'Add' : 'Save'}
          </Button>
        </>
      )}
    </Form>
  )
}
