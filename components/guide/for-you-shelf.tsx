'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { Shelf } from '@/components/catalogue/shelf'
import { useClock } from '@/components/shell/use-clock'
import { LogoTile } from '@/components/ui/logo-tile'
import { Skeleton } from '@/components/ui/skeleton'
import type { ForYouView } from '@/lib/epg/schema'
import { SECOND } from '@/lib/kernel/time'
import { sayTime } from './guide-words'
import { forYouQuery } from './queries'

function Card({ channel, title, start, stop }: ForYouView[number]) {
  const clock = useClock()
  const passed = Math.min(1, Math.max(0, (clock / SECOND - start) / Math.max(1, stop - start)))
  return (
    <Link href={`/watch/${channel.id}`} prefetch={false} className="lift block rounded-card">
      <span className="relative block">
        <LogoTile name={channel.name} image={channel.image} className="aspect-video w-full rounded-card" />
        <span aria-hidden className="absolute inset-x-3 bottom-3 h-1 overflow-hidden rounded-full bg-[rgb(8_10_14/0.7)]">
          <span className="block h-full rounded-full bg-[#3ddbb4]" style={{ width: `${passed * 100}%` }} />
        </span>
      </span>
      <span className="mt-2.5 block truncate font-strong text-14">{title}</span>
      <span className="block truncate text-12 text-muted">
        {channel.name} · until {sayTime(stop * SECOND)}
      </span>
    </Link>
  )
}

const blanks = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

/** What is on now that this profile may like; nothing when no guide knows. Holds its place while it asks. */
export function ForYouShelf() {
  const { data, isPending } = useQuery(forYouQuery)
  if (isPending)
    return (
      <Shelf title="On now for you" href="/guide">
        {blanks.map(key => (
          <li key={key} className="w-52 shrink-0 md:w-60" aria-hidden>
            <Skeleton className="aspect-video w-full rounded-card" />
            <Skeleton className="mt-2.5 h-9 w-40" />
          </li>
        ))}
      </Shelf>
    )
  if (!data || data.length === 0) return null
  return (
    <Shelf title="On now for you" href="/guide">
      {data.map(one => (
        <li key={one.channel.id} className="w-52 shrink-0 md:w-60">
          <Card {...one} />
        </li>
      ))}
    </Shelf>
  )
}
