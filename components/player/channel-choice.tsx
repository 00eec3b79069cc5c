'use client'

import { Dialog } from '@/components/ui/dialog'
import { ChannelRow } from './channel-row'
import { useLineUp } from './use-line-up'

interface ChannelChoiceProps {
  chosen: number
  onPick: (itemId: number) => void
  onClose: () => void
}

/** A channel out of the list, for a tile. */
export function ChannelChoice({ chosen, onPick, onClose }: ChannelChoiceProps) {
  const { channels, loading, more, loadMore } = useLineUp(true, chosen)
  return (
    <Dialog title="Choose a channel" shape="sheet" onClose={onClose}>
      {loading ? <p className="text-muted">One moment …</p> : null}
      {!loading && channels.length === 0 ? <p className="text-muted">No channels yet.</p> : null}
      <ul aria-label="Channels" className="-mx-3">
        {channels.map(channel => (
          <li key={channel.id} className="[content-visibility:auto] [contain-intrinsic-height:4rem]">
            <ChannelRow channel={channel} playing={channel.id === chosen} onPick={() => onPick(channel.id)} />
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
