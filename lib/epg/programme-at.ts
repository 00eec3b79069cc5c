import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { listGuideRows } from '@/lib/catalogue'
import { AppError } from '@/lib/kernel/errors'
import { listOf } from './guide-store'

export interface ProgrammeSpan {
  title: string
  start: Date
  stop: Date
}

export interface ProgrammeAt {
  /** What is on at the moment; null where the guide says nothing. */
  programme: ProgrammeSpan | null
  /** What comes after the moment. */
  next: ProgrammeSpan | null
}

/** What is on at a moment on a channel, past ones included, and what follows. @throws NOT_FOUND for a foreign channel */
export async function findProgrammeAt(viewer: Viewer, channel: number, at: Date): Promise<ProgrammeAt> {
  const [row] = await listGuideRows(viewer, [channel])
  if (row === undefined) throw new AppError('NOT_FOUND')
  const { id, providerId, guideId, ownChannelId } = row
  const known = await listOf({ itemId: id, providerId, guideId: guideId ?? '', ownChannelId }, at, 2)
  const [first, second] = known.map(({ title, start, stop }) => ({ title, start, stop }))
  const isOn = first !== undefined && first.start <= at
  return { programme: isOn ? first : null, next: (isOn ? second : first) ?? null }
}
