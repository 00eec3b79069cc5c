import { Heart, History } from 'lucide-react'
import Link from 'next/link'
import { memo } from 'react'
import { LogoTile } from '@/components/ui/logo-tile'
import { Skeleton } from '@/components/ui/skeleton'
import type { GuideChannelView } from '@/lib/epg/schema'

interface ChannelHeadProps {
  channel: GuideChannelView | null
  width: number
  tight: boolean
}

function Marks({ channel }: { channel: GuideChannelView }) {
  return (
    <span className="flex shrink-0 items-center gap-1 text-faint">
      {channel.favourite ? <Heart role="img" aria-label="Favourite" size="0.75rem" className="fill-accent text-accent" /> : null}
      {channel.archiveDays > 0 ? (
        <History role="img" aria-label={`Catch-up: ${channel.archiveDays} days`} size="0.875rem" />
      ) : null}
    </span>
  )
}

/** The channel at the beginning of its row; it stays while the time passes under it. Pressed, it plays. */
export const ChannelHead = memo(function ChannelHead({ channel, width, tight }: ChannelHeadProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see grid-cell.tsx
    <div role="rowheader" tabIndex={-1} className="hairline-r sticky left-0 z-2 h-full bg-canvas" style={{ width }}>
      {channel === null ? (
        <span className="flex h-full items-center gap-3 pr-3">
          <Skeleton className={tight ? 'h-8 w-12' : 'h-11 w-17'} />
          <Skeleton className="h-4 grow" />
        </span>
      ) : (
        <Link
          href={`/watch/${channel.id}`}
          prefetch={false}
          tabIndex={-1}
          data-focus-ignore
          className="flex h-full items-center gap-3 rounded-cell pr-3 outline-offset-[-3px] at-rest:hover:bg-fill"
        >
          <span className="sr-only">Watch {channel.name}</span>
          <LogoTile name={channel.name} image={channel.image} className={tight ? 'h-8 w-12' : 'h-11 w-17'} />
          <span aria-hidden className="min-w-0 grow">
            <span className="flex items-center gap-2">
              <span className="truncate font-strong text-14">{channel.name}</span>
              {tight ? <Marks channel={channel} /> : null}
            </span>
            {tight ? null : (
              <span className="flex items-center gap-2 text-12 text-faint tabular-nums">
                {channel.number ?? ''}
                <Marks channel={channel} />
              </span>
            )}
          </span>
        </Link>
      )}
    </div>
  )
})
