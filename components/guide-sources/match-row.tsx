'use client'

import type { MatchView } from '@/lib/epg/schema'
import { ChoiceLine } from './choice-line'
import { sayHow } from './guide-words'
import { MatchActions } from './match-actions'
import { useDecide } from './use-decide'

/** One channel: the guide it has, those it may have, and a person's word. */
export function MatchRow({ match }: { match: MatchView }) {
  const decide = useDecide(match.itemId)
  const { name, how, channel, candidates } = match
  const choose = (channelId: number) => decide.mutate({ how: 'manual', channelId })
  return (
    <li className="hairline flex flex-col gap-3 rounded-card bg-surface p-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <h3 className="min-w-40 grow truncate font-strong">{name}</h3>
        <span className="text-14 text-muted">{sayHow(match)}</span>
      </div>
      <ul aria-label={`Guides for ${name}`} className="flex flex-col gap-2">
        {channel ? (
          <ChoiceLine
            choice={channel}
            act={how === 'manual' || how === 'event' ? null : 'Confirm'}
            busy={decide.isPending}
            onChoose={() => choose(channel.channelId)}
          />
        ) : null}
        {how === 'open'
          ? candidates.map(candidate => (
              <ChoiceLine
                key={candidate.channelId}
                choice={candidate}
                act="Use this"
                busy={decide.isPending}
                onChoose={() => choose(candidate.channelId)}
              />
            ))
          : null}
      </ul>
      <MatchActions match={match} busy={decide.isPending} onDecide={decide.mutate} />
    </li>
  )
}
