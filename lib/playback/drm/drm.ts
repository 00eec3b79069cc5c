import 'server-only'
import { randomBytes } from 'node:crypto'
import { recordAudit } from '@/lib/accounts'
import type { Viewer } from '@/lib/accounts/schema'
import { requireChangeableItem } from '@/lib/catalogue'
import { type DrmInput, type DrmView, toDrmView } from './drm-config'
import { deleteDrm, findDrm, writeDrm } from './drm-store'

const open: DrmInput = { servers: [], clearKeys: {}, packaged: false }

/** How an item's stream is unlocked, without secrets; empty for one that is not protected. Throws NOT_FOUND, FORBIDDEN. */
export async function getDrm(viewer: Viewer, itemId: number): Promise<DrmView> {
  await requireChangeableItem(viewer, itemId)
  return toDrmView((await findDrm(itemId)) ?? open)
}

/** Replaces how an item's stream is unlocked. Throws NOT_FOUND, FORBIDDEN. */
export async function updateDrm(viewer: Viewer, itemId: number, input: DrmInput): Promise<DrmView> {
  await requireChangeableItem(viewer, itemId)
  const isKeyless = input.packaged && Object.keys(input.clearKeys).length === 0
  const before = isKeyless ? await findDrm(itemId) : null
  // A film keeps its key when it is saved again: what somebody watches goes on.
  const clearKeys = isKeyless ? (before?.packaged ? before.clearKeys : newKey()) : input.clearKeys
  const config = { ...input, clearKeys }
  await writeDrm(itemId, config)
  await note(viewer, 'drm.changed', itemId)
  return toDrmView(config)
}

export async function removeDrm(viewer: Viewer, itemId: number): Promise<void> {
  await requireChangeableItem(viewer, itemId)
  await deleteDrm(itemId)
  await note(viewer, 'drm.removed', itemId)
}

const note = ({ accountId }: Viewer, action: string, itemId: number) =>
  recordAudit({ accountId, action, subject: `item ${itemId}`, address: '' })

const newKey = () => ({ [randomBytes(16).toString('hex')]: randomBytes(16).toString('hex') })
