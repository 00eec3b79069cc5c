'use client'

import { CircleStop, Ellipsis, Pencil, RefreshCw, RotateCcw, Trash2 } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Menu } from '@/components/ui/menu'
import { MenuItem } from '@/components/ui/menu-item'
import type { ImportView } from '@/lib/catalogue/schema'
import type { ProviderView } from '@/lib/providers/schema'
import { isRunning } from './queries'
import { useRefresh } from './use-refresh'

interface SourceActionsProps {
  provider: ProviderView
  job: ImportView | undefined
  onEdit: () => void
  onDelete: () => void
}

const refreshable = ['channels', 'movies', 'series'] as const
const icon = { 'aria-hidden': true, size: '1.125rem', strokeWidth: 1.75 } as const

function findFailedParts(job: ImportView | undefined): (typeof refreshable)[number][] {
  const failed = job?.parts.filter(part => part.state === 'failed' || part.state === 'cancelled').map(part => part.part)
  return refreshable.filter(part => failed?.includes(part))
}

/** What the owner of a source can do with it. */
export function SourceActions({ provider, job, onEdit, onDelete }: SourceActionsProps) {
  const { start, cancel } = useRefresh(provider.id)
  const running = job !== undefined && isRunning(job)
  const failed = running ? [] : findFailedParts(job)
  return (
    <div className="flex flex-wrap items-center gap-2">
      {running ? (
        <Button size="small" icon={<CircleStop {...icon} />} busy={cancel.isPending} onClick={() => cancel.mutate()}>
          Stop the refresh
        </Button>
      ) : (
        <Button size="small" icon={<RefreshCw {...icon} />} busy={start.isPending} onClick={() => start.mutate(undefined)}>
          Refresh now
        </Button>
      )}
      {failed.length > 0 ? (
        <Button size="small" icon={<RotateCcw {...icon} />} disabled={start.isPending} onClick={() => start.mutate(failed)}>
          Retry failed parts
        </Button>
      ) : null}
      <span className="ml-auto">
        <Menu
          label={`Options for ${provider.name}`}
          buttonClassName="flex size-11 items-center justify-center rounded-full text-muted hover:bg-fill-strong hover:text-text"
          button={<Ellipsis aria-hidden size="1.25rem" strokeWidth={1.75} />}
        >
          {close => (
            <>
              <MenuItem
                icon={<Pencil {...icon} />}
                onSelect={() => {
                  close()
                  onEdit()
                }}
              >
                Edit
              </MenuItem>
              <MenuItem
                danger
                icon={<Trash2 {...icon} />}
                onSelect={() => {
                  close()
                  onDelete()
                }}
              >
                Delete
              </MenuItem>
            </>
          )}
        </Menu>
      </span>
    </div>
  )
}
