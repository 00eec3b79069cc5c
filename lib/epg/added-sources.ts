import 'server-only'
import { canChange } from '@/lib/accounts'
import type { Viewer } from '@/lib/accounts/schema'
import { AppError } from '@/lib/kernel/errors'
import { publish } from '@/lib/platform/bus'
import { parsePlaylistUrl } from '@/lib/providers'
import {
  type AddedContent,
  countAdded,
  getVisibleSource,
  insertAdded,
  patchSource,
  removeSource,
  type SourceOwner,
  type SourceSettings,
} from './added-store'
import { ownerOf } from './decisions'
import { queueMatchOf } from './match-job'
import type { GuideSourceChange, GuideSourceInput, GuideSourceView } from './schema'
import { askStop } from './source-store'
import { listGuideSources, queueAdded, queueGuide } from './sources'

/** Guides of one owner beside its providers' own; each is read on a timetable. */
const MAX_ADDED = 20

/** @throws NOT_FOUND for what the viewer cannot see, FORBIDDEN for the platform's by a viewer who is no admin */
async function getChangeable(viewer: Viewer, id: number): Promise<SourceOwner> {
  const source = await getVisibleSource(viewer, id)
  if (!canChange(viewer, source.ownerId)) throw new AppError('FORBIDDEN')
  return source
}

async function viewOne(viewer: Viewer, id: number): Promise<GuideSourceView> {
  const found = (await listGuideSources(viewer)).find(source => source.id === id)
  if (!found) throw new AppError('NOT_FOUND')
  return found
}

/**
 * Adds a guide by address or file and begins to read it; what is wrong with it stands in its state.
 * @throws FORBIDDEN, CONFLICT when there are enough, INVALID_PARAMETER, and what is wrong with the address
 */
export async function addGuideSource(viewer: Viewer, input: GuideSourceInput): Promise<GuideSourceView> {
  const { platform, url, file, ...settings } = input
  const ownerId = ownerOf(viewer, platform)
  const content = readContent({ url, file })
  if (content === null) {
    throw new AppError('INVALID_PARAMETER', { field: 'url', say: 'Give the address of a TV guide, or choose a file.' })
  }
  if ((await countAdded(ownerId)) >= MAX_ADDED) {
    throw new AppError('CONFLICT', { field: 'name', say: `${MAX_ADDED} guides are as many as there can be. Remove one first.` })
  }
  const id = await insertAdded(ownerId, settings, content)
  await queueAdded(id)
  return viewOne(viewer, id)
}

function readContent({ url, file }: { url?: string | undefined; file?: string | undefined }): AddedContent | null {
  if (file) return { file: Buffer.from(file, 'base64') }
  return url ? { url: parsePlaylistUrl(url, 'url') } : null
}

/**
 * Changes what is given, and reads the guide again where its programmes depend on it.
 * @throws NOT_FOUND, FORBIDDEN, and what is wrong with the address
 */
export async function changeGuideSource(viewer: Viewer, id: number, change: GuideSourceChange): Promise<GuideSourceView> {
  const source = await getChangeable(viewer, id)
  const { url, file, ...given } = change
  const { priority, shiftMinutes } = given
  const isOwn = source.providerId !== null
  const content = isOwn ? null : readContent({ url, file })
  await patchSource(id, withoutAbsent(isOwn ? { priority, shiftMinutes } : given), content)
  if (content !== null || shiftMinutes !== undefined) await queue(source)
  if (priority !== undefined) await queueMatchOf(source)
  return viewOne(viewer, id)
}

function withoutAbsent({
  name,
  priority,
  shiftMinutes,
  refreshHours,
}: { [Key in keyof SourceSettings]?: SourceSettings[Key] | undefined }) {
  return {
    ...(name === undefined ? {} : { name }),
    ...(priority === undefined ? {} : { priority }),
    ...(shiftMinutes === undefined ? {} : { shiftMinutes }),
    ...(refreshHours === undefined ? {} : { refreshHours }),
  }
}

const queue = ({ id, providerId }: SourceOwner): Promise<unknown> =>
  providerId === null ? queueAdded(id) : queueGuide(providerId)

/** Its channels go to the next guide that knows them. @throws NOT_FOUND, FORBIDDEN, CONFLICT for a provider's own guide */
export async function removeGuideSource(viewer: Viewer, id: number): Promise<void> {
  const source = await getChangeable(viewer, id)
  if (source.providerId !== null) {
    throw new AppError('CONFLICT', { say: 'This guide belongs to a source. It goes when you remove the source.' })
  }
  await publish('guide.cancel', { sourceId: id })
  await removeSource(id)
  await queueMatchOf(source)
}

/** Reads it now. @throws NOT_FOUND, FORBIDDEN, GUIDE_RUNNING */
export async function startGuideSource(viewer: Viewer, id: number): Promise<void> {
  const started = await queue(await getChangeable(viewer, id))
  if (started === false || started === null) throw new AppError('GUIDE_RUNNING')
}

/** Stops reading it; does nothing when nobody does. @throws NOT_FOUND, FORBIDDEN */
export async function cancelGuideSource(viewer: Viewer, id: number): Promise<void> {
  await getChangeable(viewer, id)
  if ((await askStop({ sourceId: id })) !== null) await publish('guide.cancel', { sourceId: id })
}
