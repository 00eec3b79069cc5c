'use client'

import { Ban, RotateCcw, Search } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { SelectField } from '@/components/ui/select-field'
import type { MatchDecision, MatchView } from '@/lib/epg/schema'
import { ChooseChannel } from './choose-channel'
import { shiftChoices } from './guide-words'

interface MatchActionsProps {
  match: MatchView
  busy: boolean
  onDecide: (decision: MatchDecision) => void
}

const icon = { 'aria-hidden': true, size: '1.125rem', strokeWidth: 1.75 } as const

/** What a person can say of a channel's guide beside confirming it. */
export function MatchActions({ match, busy, onDecide }: MatchActionsProps) {
  const [choosing, setChoosing] = useState(false)
  const { itemId, name, how, channel, shiftMinutes } = match
  return (
    <div className="flex flex-wrap items-end gap-2">
      <Button size="small" icon={<Search {...icon} />} onClick={() => setChoosing(true)}>
        Choose another
      </Button>
      {how === 'none' ? null : (
        <Button size="small" icon={<Ban {...icon} />} disabled={busy} onClick={() => onDecide({ how: 'none' })}>
          No guide
        </Button>
      )}
      {how === 'manual' || how === 'none' ? (
        <Button size="small" icon={<RotateCcw {...icon} />} disabled={busy} onClick={() => onDecide({ how: 'automatic' })}>
          Find it by itself
        </Button>
      ) : null}
      {channel ? (
        <SelectField
          label={`Times of ${name}`}
          className="ml-auto"
          options={shiftChoices(shiftMinutes)}
          value={String(shiftMinutes)}
          disabled={busy}
          onChange={event => onDecide({ shiftMinutes: Number(event.currentTarget.value) })}
        />
      ) : null}
      {choosing ? (
        <ChooseChannel
          itemId={itemId}
          name={name}
          onClose={() => setChoosing(false)}
          onChoose={channelId => {
            setChoosing(false)
            onDecide({ how: 'manual', channelId })
          }}
        />
      ) : null}
    </div>
  )
}
