'use client'

import { useQueries } from '@tanstack/react-query'
import { titleQuery } from '@/components/catalogue/queries'
import { ChannelRow } from './channel-row'
import { PlayerSheet } from './player-sheet'
import { useScene } from './scene'

/** The channels watched last on this device. */
export function RecentSheet() {
  const { recent, lineUp, go, show } = useScene()
  const listed = recent.map(id => lineUp.channels.find(channel => channel.id === id) ?? null)
  // Those beyond what the list has loaded are asked for one by one.
  const pages = useQueries({
    queries: recent.map((id, at) => ({ ...titleQuery(id), enabled: listed[at] === null, retry: false })),
  })
  const channels = recent.flatMap((_, at) => listed[at] ?? pages[at]?.data ?? []).filter(card => card.kind === 'channel')
  return (
    <PlayerSheet title="Watched last" side="left">
      {channels.length === 0 ? <p className="px-3 py-4 text-muted">The channels you change to will stand here.</p> : null}
      <ul aria-label="Channels watched last">
        {channels.map(channel => (
          <li key={channel.id} className="py-0.5">
            <ChannelRow
              channel={channel}
              playing={false}
              onPick={() => {
                show(null)
                go(channel.id)
              }}
            />
          </li>
        ))}
      </ul>
    </PlayerSheet>
  )
}
