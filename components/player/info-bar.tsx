'use client'

import { useQuery } from '@tanstack/react-query'
import { nowQuery } from '@/components/catalogue/now-query'
import { sayClock } from '@/components/shell/say-time'
import { useClock } from '@/components/shell/use-clock'
import { LogoTile } from '@/components/ui/logo-tile'
import type { NowView } from '@/lib/catalogue/schema'
import { usePlayerState, useScene } from './scene'

function Programme({ now }: { now: NowView }) {
  const clock = useClock()
  const start = Date.parse(now.start)
  const end = Date.parse(now.end)
  const percent = end > start ? Math.min(100, Math.max(0, ((clock - start) / (end - start)) * 100)) : 0
  return (
    <>
      <p className="truncate">{now.title}</p>
      <div className="mt-1 flex items-center gap-3 text-14 text-muted tabular-nums">
        <span>{sayClock(now.start)}</span>
        <span aria-hidden className="h-1 max-w-48 grow overflow-hidden rounded-full bg-white/20">
          <span className="block h-full bg-accent" style={{ width: `${percent}%` }} />
        </span>
        <span>{sayClock(now.end)}</span>
      </div>
      {now.next ? (
        <p className="mt-1 truncate text-14 text-muted">
          {sayClock(now.next.start)} {now.next.title}
        </p>
      ) : null}
    </>
  )
}

function QualityBadge() {
  const { player } = useScene()
  const quality = usePlayerState(player, state => state.choices.qualities.find(choice => choice.active)?.label ?? null)
  return quality ? <span className="rounded-cell border border-line-strong px-1.5 text-12 text-muted">{quality}</span> : null
}

/** Which channel this is and what is on. Never takes the focus. */
export function InfoBar() {
  const { player, card, lineUp } = useScene()
  const named = usePlayerState(player, state => state.phase === 'failed' || (state.phase === 'loading' && !state.still))
  const now = useQuery({ ...nowQuery(card?.id ?? 0), enabled: card !== null }).data
  const group = lineUp.scope === 'all' ? undefined : lineUp.groups.find(({ key }) => key === lineUp.scope)
  if (!card || named) return null
  return (
    <section
      aria-label="On this channel"
      aria-live="polite"
      className="rise pointer-events-none absolute inset-x-3 flex items-center gap-4 rounded-sheet bg-overlay p-4 shadow-float backdrop-blur-xl bottom-6 md:bottom-8 md:right-auto md:left-8 md:w-[min(40rem,60vw)] md:gap-6 md:p-5"
    >
      <LogoTile name={card.name} image={card.image} className="h-14 w-22 md:h-20 md:w-32" />
      <div className="min-w-0 grow">
        <p className="flex min-w-0 items-center gap-3">
          {card.number === null ? null : <span className="font-title text-20 text-accent tabular-nums">{card.number}</span>}
          <span className="truncate font-title text-20">{card.name}</span>
          <QualityBadge />
          {group ? <span className="max-w-32 shrink-0 truncate text-12 text-faint md:max-w-48">{group.name}</span> : null}
        </p>
        {now ? <Programme now={now} /> : <p className="text-14 text-faint">{now === null ? 'No guide information' : ' '}</p>}
      </div>
    </section>
  )
}
