'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { bouquetsQuery } from '@/components/devices/queries'
import { callApi } from '@/components/shell/api'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Form } from '@/components/ui/form'
import { showToast } from '@/components/ui/toast-store'
import type { BouquetView } from '@/lib/catalogue/schema'
import { CategoryPicker } from './category-picker'

interface BouquetDialogProps {
  /** Null makes one. */
  bouquet: BouquetView | null
  onClose: () => void
}

export function BouquetDialog({ bouquet, onClose }: BouquetDialogProps) {
  const [name, setName] = useState(bouquet?.name ?? '')
  const [chosen, setChosen] = useState<ReadonlySet<number>>(() => new Set(bouquet?.categoryIds))
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), categoryIds: [...chosen] }
      return bouquet
        ? callApi<BouquetView>('PUT', `/api/bouquets/${bouquet.id}`, body)
        : callApi<BouquetView>('POST', '/api/bouquets', body)
    },
    onSuccess: saved => {
      showToast(`${saved.name} was saved.`)
      onClose()
      return client.invalidateQueries({ queryKey: bouquetsQuery.queryKey })
    },
  })
  return (
    <Dialog title={bouquet ? `Edit ${bouquet.name}` : 'New bouquet'} shape="sheet" onClose={onClose}>
      <Form label="Bouquet" error={save.error} fields={['name']} onSend={() => save.mutate()}>
        {problemAt => (
          <>
            <Field
              label="Name"
              name="name"
              placeholder="Sports"
              maxLength={60}
              autoComplete="off"
              value={name}
              problem={problemAt('name')}
              onChange={event => setName(event.currentTarget.value)}
              data-focus-first
            />
            <CategoryPicker chosen={chosen} onChange={setChosen} />
            <Button type="submit" tone="primary" size="large" busy={save.isPending}>
              Save
            </Button>
          </>
        )}
      </Form>
    </Dialog>
  )
}
