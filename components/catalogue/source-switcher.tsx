'use client'

import { useIsFetching, useQuery } from '@tanstack/react-query'
import { ChevronDown, Layers, LoaderCircle } from 'lucide-react'
import { importsQuery, providersQuery } from '@/components/providers/queries'
import { describeStatus } from '@/components/providers/source-status'
import { StatusDot } from '@/components/providers/status-dot'
import { rememberSource } from '@/components/shell/preferences'
import { useClock } from '@/components/shell/use-clock'
import { Menu } from '@/components/ui/menu'
import { MenuItem } from '@/components/ui/menu-item'
import { ROOM } from './queries'
import { changeFilters, useFilters } from './use-filters'

function choose(id: number | null): void {
  rememberSource(id)
  // Categories belong to one source.
  changeFilters({ source: id === null ? null : String(id), category: null })
}

/** Which source the lists show: all of them, or one, with how it is. */
export function SourceSwitcher() {
  const shown = (useQuery(providersQuery).data ?? []).filter(provider => provider.shown)
  const imports = useQuery(importsQuery).data
  const loading = useIsFetching({ queryKey: [ROOM, 'items'] }) > 0
  const now = useClock()
  const selected = Number(useFilters().source)
  const current = shown.find(provider => provider.id === selected)
  const toneOf = (provider: (typeof shown)[number]) =>
    describeStatus(
      provider,
      imports?.find(job => job.providerId === provider.id),
      now,
    ).tone
  if (shown.length === 0) return null

  return (
    <Menu
      label={`Source: ${current?.name ?? 'All sources'}`}
      buttonClassName="hairline inline-flex h-11 max-w-56 items-center gap-2.5 rounded-full bg-fill px-4 text-14 hover:bg-fill-strong"
      button={
        <>
          <span className="flex size-4 items-center justify-center">
            {loading ? (
              <LoaderCircle aria-hidden size="1rem" className="animate-spin text-accent" />
            ) : current ? (
              <StatusDot tone={toneOf(current)} />
            ) : (
              <Layers aria-hidden size="1rem" strokeWidth={1.75} className="text-muted" />
            )}
          </span>
          <span className="truncate">{current?.name ?? 'All sources'}</span>
          <ChevronDown aria-hidden size="1rem" className="shrink-0 text-muted" />
        </>
      }
    >
      {close => (
        <>
          <MenuItem
            icon={<Layers aria-hidden size="1rem" strokeWidth={1.75} className="text-muted" />}
            checked={!current}
            onSelect={() => {
              choose(null)
              close()
            }}
          >
            All sources
          </MenuItem>
          {shown.map(provider => (
            <MenuItem
              key={provider.id}
              icon={
                <span className="flex size-4 items-center justify-center">
                  <StatusDot tone={toneOf(provider)} />
                </span>
              }
              checked={provider.id === current?.id}
              onSelect={() => {
                choose(provider.id)
                close()
              }}
            >
              {provider.name}
            </MenuItem>
          ))}
        </>
      )}
    </Menu>
  )
}
