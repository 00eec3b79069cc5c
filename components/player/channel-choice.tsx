'use client'

import { useQueries } from '@tanstack/react-query'
import { Dialog } from '@/components/ui/dialog'
import { ChannelRow } from './channel-row'
import { GroupChips } from './group-chips'
import { MOST_ASKED, roomQuery, sayRoom } from './room'
import { useLineUp } from './use-line-up'

interface ChannelChoiceProps {
  chosen: number
  /** Channels that have a tile already. */
  tiles: readonly number[]
  onPick: (itemId: number) => void
  onClose: () => void
}

/** Which channels have no connection left, and the sentence about it. */
function useRoom(ids: readonly number[]) {
  const parts = Array.from({ length: Math.ceil(ids.length / MOST_ASKED) }, (_, at) =>
    ids.slice(at * MOST_ASKED, (at + 1) * MOST_ASKED),
  )
  const views = useQueries({ queries: parts.map(roomQuery) }).flatMap(({ data }) => data ?? [])
  const connections = new Map(views.flatMap(view => view.connections).map(one => [one.provider, one]))
  const room = { connections: [...connections.values()], full: views.flatMap(({ full }) => full) }
  return { full: new Set(room.full), words: sayRoom(room) }
}

/** A channel out of the list, for a tile. One that takes the place of another may have its connection. */
export function ChannelChoice({ chosen, tiles, onPick, onClose }: ChannelChoiceProps) {
  const lineUp = useLineUp(true, chosen)
  const { channels, loading, more, loadMore } = lineUp
  const { full, words } = useRoom(channels.map(({ id }) => id))
  const refuse = (id: number): string | null => {
    if (tiles.includes(id)) return chosen === 0 ? 'Has a tile already' : null
    return chosen === 0 && full.has(id) ? 'No connection is free for it' : null
  }
  return (
    <Dialog title="Choose a channel" shape="sheet" onClose={onClose}>
      {words ? (
        <p role="status" className="pb-3 text-14 text-muted">
          {words}. Each channel needs one.
        </p>
      ) : null}
      <div className="-mx-6">
        <GroupChips lineUp={lineUp} />
      </div>
      {loading ? <p className="text-muted">One moment …</p> : null}
      {!loading && channels.length === 0 ? <p className="text-muted">No channels yet.</p> : null}
      <ul aria-label="Channels" className="-mx-3">
        {channels.map(channel => (
          <li key={channel.id} className="[content-visibility:auto] [contain-intrinsic-height:4rem]">
            <ChannelRow
              channel={channel}
              playing={channel.id === chosen}
              refused={refuse(channel.id)}
              onPick={() => onPick(channel.id)}
            />
          </li>
        ))}
      </ul>
      {more ? (
        <button type="button" className="mt-3 min-h-11 w-full rounded-cell text-muted hover:bg-fill" onClick={loadMore}>
          More channels
        </button>
      ) : null}
    </Dialog>
  )
}
