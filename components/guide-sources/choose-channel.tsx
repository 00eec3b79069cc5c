'use client'

import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { Dialog } from '@/components/ui/dialog'
import { ErrorState } from '@/components/ui/error-state'
import { Field } from '@/components/ui/field'
import { Skeleton } from '@/components/ui/skeleton'
import { ChoiceLine } from './choice-line'
import { choicesQuery } from './queries'

interface ChooseChannelProps {
  itemId: number
  name: string
  onChoose: (channelId: number) => void
  onClose: () => void
}

/** Looks through all channels of all guides. */
export function ChooseChannel({ itemId, name, onChoose, onClose }: ChooseChannelProps) {
  const [text, setText] = useState('')
  const wanted = useDeferredValue(text.trim())
  const choices = useQuery(choicesQuery(itemId, wanted))
  return (
    <Dialog title={`Guide for ${name}`} shape="sheet" onClose={onClose}>
      <div className="flex flex-col gap-4">
        <Field
          label="Name or id in the guide"
          type="search"
          autoComplete="off"
          maxLength={80}
          value={text}
          onChange={event => setText(event.currentTarget.value)}
          data-focus-first
        />
        {wanted !== '' && choices.isPending ? <Skeleton className="h-32 w-full" /> : null}
        {choices.isError ? <ErrorState error={choices.error} onRetry={() => void choices.refetch()} /> : null}
        {choices.data?.length === 0 ? <p className="text-muted">No guide has a channel like this.</p> : null}
        <ul aria-label="Channels of guides" className="flex flex-col gap-2">
          {(choices.data ?? []).map(choice => (
            <ChoiceLine
              key={choice.channelId}
              choice={choice}
              act="Use this"
              busy={false}
              onChoose={() => onChoose(choice.channelId)}
            />
          ))}
        </ul>
      </div>
    </Dialog>
  )
}
