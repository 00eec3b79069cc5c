import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { AppError } from '@/lib/kernel/errors'
import { db } from '@/lib/platform/db'
import { open, seal } from '@/lib/platform/secrets'
import { publicAddress } from '@/lib/providers'

const secretPlace = (id: number) => ({ table: 'guide_source', column: 'secret', row: id })
const visibleTo = (viewer: Viewer) => ({ fromNames: false, OR: [{ ownerId: null }, { ownerId: viewer.accountId }] })

/** The address of an added guide; null for an uploaded file. @throws NOT_FOUND, SECRET_UNREADABLE */
export async function openAddress(id: number): Promise<{ url: string | null; ownerId: string | null }> {
  const row = await db().guideSource.findUnique({ where: { id }, select: { secret: true, ownerId: true } })
  if (!row) throw new AppError('NOT_FOUND')
  return { url: row.secret === null ? null : open(row.secret, secretPlace(id)), ownerId: row.ownerId }
}

/** An uploaded guide as it came; empty when there is none. */
export async function openFile(id: number): Promise<Buffer> {
  const row = await db().guideFile.findUnique({ where: { sourceId: id }, select: { content: true } })
  return Buffer.from(row?.content ?? [])
}

export interface SourceOwner {
  id: number
  ownerId: string | null
  providerId: number | null
}

/** @throws NOT_FOUND for what the viewer cannot see */
export async function getVisibleSource(viewer: Viewer, id: number): Promise<SourceOwner> {
  const select = { id: true, ownerId: true, providerId: true } as const
  const row = await db().guideSource.findFirst({ where: { id, ...visibleTo(viewer) }, select })
  if (!row) throw new AppError('NOT_FOUND')
  return row
}

export const countAdded = (ownerId: string | null): Promise<number> =>
  db().guideSource.count({ where: { ownerId, providerId: null, fromNames: false } })

/** Where an added guide comes from: an address that may carry credentials, or the bytes of a file. */
export type AddedContent = { url: string } | { file: Buffer }

export interface SourceSettings {
  name: string
  priority: number
  shiftMinutes: number
  refreshHours: number
}

/** The row comes first because the seal is bound to its id. */
export async function insertAdded(ownerId: string | null, settings: SourceSettings, content: AddedContent): Promise<number> {
  return db().$transaction(async tx => {
    const { id } = await tx.guideSource.create({ data: { ownerId, ...settings }, select: { id: true } })
    await tx.guideSource.update({ where: { id }, data: contentValues(id, content), select: { id: true } })
    if ('file' in content) {
      await tx.guideFile.create({ data: { sourceId: id, content: new Uint8Array(content.file) }, select: { sourceId: true } })
    }
    return id
  })
}

const contentValues = (id: number, content: AddedContent) =>
  'url' in content
    ? { secret: seal(content.url, secretPlace(id)), address: publicAddress(content.url) }
    : { secret: null, address: '' }

/** @throws NOT_FOUND when it is gone */
export async function patchSource(id: number, settings: Partial<SourceSettings>, content: AddedContent | null): Promise<void> {
  await db().$transaction(async tx => {
    const data = { ...settings, ...(content === null ? {} : contentValues(id, content)) }
    const { count } = await tx.guideSource.updateMany({ where: { id }, data })
    if (count === 0) throw new AppError('NOT_FOUND')
    if (content === null) return
    await tx.guideFile.deleteMany({ where: { sourceId: id } })
    if (!('file' in content)) return
    await tx.guideFile.create({ data: { sourceId: id, content: new Uint8Array(content.file) }, select: { sourceId: true } })
  })
}

export async function removeSource(id: number): Promise<void> {
  await db().guideSource.deleteMany({ where: { id } })
}
