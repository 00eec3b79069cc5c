import { Heart } from 'lucide-react'
import { NowLine } from '@/components/catalogue/now-line'
import { LogoTile } from '@/components/ui/logo-tile'
import type { ItemCard } from '@/lib/catalogue/schema'

interface ChannelRowProps {
  channel: ItemCard
  playing: boolean
  /** Also what comes next, where there is room. */
  withNext?: boolean
  /** Why it cannot be picked. */
  refused?: string | null
  onPick: () => void
}

/** One channel of a list over the picture, with what is on. */
export function ChannelRow({ channel, playing, withNext = false, refused = null, onPick }: ChannelRowProps) {
  return (
    <button
      type="button"
      aria-current={playing ? 'true' : undefined}
      data-channel-options={channel.id}
      // Reached all the same, so that the reason can be read and heard.
      aria-disabled={refused === null ? undefined : true}
      onClick={refused === null ? onPick : undefined}
      className={`flex h-16 w-full select-none items-center [-webkit-touch-callout:none] gap-3 rounded-card px-3 text-left hover:bg-white/10 aria-disabled:cursor-default aria-disabled:opacity-60 focus-visible:bg-white/10 focus-visible:outline-offset-[-3px] ${playing ? 'bg-accent-soft' : ''}`}
    >
      <span className={`w-9 shrink-0 text-right text-14 tabular-nums ${playing ? 'text-accent' : 'text-faint'}`}>
        {channel.number ?? ''}
      </span>
      <LogoTile name={channel.name} image={channel.image} className="h-11 w-16" />
      <span className="min-w-0 grow">
        <span className="flex min-w-0 items-center gap-2">
          <span className={`truncate ${playing ? 'font-strong' : ''}`}>{channel.name}</span>
          {channel.favourite ? (
            <Heart aria-label="Favourite" size="0.75rem" className="shrink-0 fill-accent text-accent" />
          ) : null}
        </span>
        {refused === null ? (
          <NowLine channelId={channel.id} withNext={withNext} />
        ) : (
          <span className="block h-5 truncate text-14 text-muted">{refused}</span>
        )}
      </span>
    </button>
  )
}
