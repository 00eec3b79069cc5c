'use client'

import { useQuery } from '@tanstack/react-query'
import { Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { bouquetsQuery } from '@/components/devices/queries'
import { Button } from '@/components/ui/button'
import { ErrorState } from '@/components/ui/error-state'
import { IconButton } from '@/components/ui/icon-button'
import { Skeleton } from '@/components/ui/skeleton'
import type { BouquetView } from '@/lib/catalogue/schema'
import { BouquetDialog } from './bouquet-dialog'
import { DeleteBouquet } from './delete-bouquet'

const icon = { 'aria-hidden': true, size: '1.125rem', strokeWidth: 1.75 } as const

function sayContents({ categoryIds, lines }: BouquetView): string {
  const inside = `${categoryIds.length.toLocaleString()} ${categoryIds.length === 1 ? 'category' : 'categories'}`
  if (lines === 0) return `${inside} · no device uses it`
  return `${inside} · ${lines.toLocaleString()} ${lines === 1 ? 'device uses' : 'devices use'} it`
}

interface BouquetLineProps {
  bouquet: BouquetView
  onEdit: () => void
  onDelete: () => void
}

function BouquetLine({ bouquet, onEdit, onDelete }: BouquetLineProps) {
  return (
    <li className="flex min-h-14 items-center gap-2 py-2 [&+li]:hairline-t">
      <span className="min-w-0 grow">
        <span className="block truncate">{bouquet.name}</span>
        <span className="block text-12 text-muted tabular-nums">{sayContents(bouquet)}</span>
      </span>
      <IconButton label={`Edit ${bouquet.name}`} icon={<Pencil {...icon} />} onClick={onEdit} />
      <IconButton label={`Delete ${bouquet.name}`} icon={<Trash2 {...icon} />} onClick={onDelete} />
    </li>
  )
}

/** Packages of this server's own categories, to hand out with devices. */
export function BouquetSettings() {
  const bouquets = useQuery(bouquetsQuery)
  const [editing, setEditing] = useState<BouquetView | 'new' | null>(null)
  const [deleting, setDeleting] = useState<BouquetView | null>(null)
  if (bouquets.isPending) return <Skeleton className="h-28 w-full" />
  if (!bouquets.data) return <ErrorState error={bouquets.error} onRetry={() => void bouquets.refetch()} />
  return (
    <div className="flex flex-col gap-4">
      {bouquets.data.length === 0 ? (
        <p className="text-14 text-muted">No bouquets yet. Without one, a device gets everything its account sees.</p>
      ) : (
        <ul aria-label="Bouquets">
          {bouquets.data.map(bouquet => (
            <BouquetLine
              key={bouquet.id}
              bouquet={bouquet}
              onEdit={() => setEditing(bouquet)}
              onDelete={() => setDeleting(bouquet)}
            />
          ))}
        </ul>
      )}
      <Button className="self-start" icon={<Plus {...icon} />} onClick={() => setEditing('new')}>
        New bouquet
      </Button>
      {editing ? <BouquetDialog bouquet={editing === 'new' ? null : editing} onClose={() => setEditing(null)} /> : null}
      {deleting ? <DeleteBouquet bouquet={deleting} onClose={() => setDeleting(null)} /> : null}
    </div>
  )
}
