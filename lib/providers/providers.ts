import 'server-only'
import { canChange, requireAdmin } from '@/lib/accounts'
import type { Viewer } from '@/lib/accounts/schema'
import { AppError, errorCodes, isErrorCode } from '@/lib/kernel/errors'
import { HOUR } from '@/lib/kernel/time'
import { publish } from '@/lib/platform/bus'
import { checkPlaylist, checkXtream } from './check'
import { parseAddress, parsePlaylistUrl, publicAddress } from './parse-address'
import type { Credentials, ProviderChange, ProviderInput, ProviderOptions, ProviderView } from './schema'
import {
  type Counts,
  countContents,
  countOwned,
  getChangeable,
  getVisible,
  insertProvider,
  listVisible,
  newSalt,
  openCredentials,
  type ProviderPatch,
  type ProviderRecord,
  patchProvider,
  removeProvider,
} from './store'
import { networksOf, type Reach } from './xtream'

const UPLOADED = 'Uploaded playlist'
/** Providers of one account. */
const MAX_OWNED = 50

/** Codes of the last contact that mean what is shown may be out of date. */
const isStale = ({ refreshHours, refreshedAt, errorCode }: ProviderRecord): boolean => {
  if (refreshedAt === null) return false
  const isOld = refreshHours > 0 && Date.now() - refreshedAt.getTime() > 2 * refreshHours * HOUR
  return isOld || errorCode !== null
}

function toView(record: ProviderRecord, viewer: Viewer, facts: { shown: boolean; counts: Counts | undefined }): ProviderView {
  const { id, kind, name, address, account, errorCode, refreshHours, refreshedAt } = record
  const code = errorCode !== null && isErrorCode(errorCode) ? errorCode : null
  return {
    id,
    kind,
    name,
    address,
    platform: record.ownerId === null,
    mine: canChange(viewer, record.ownerId),
    shown: facts.shown,
    account,
    problem: code ? { code, message: errorCodes[code].say } : null,
    refreshHours,
    refreshedAt: refreshedAt?.toISOString() ?? null,
    stale: isStale(record),
    autoMerge: record.options.autoMerge,
    delivery: record.options.delivery,
    counts: facts.counts ?? { channels: 0, movies: 0, series: 0 },
  }
}

/** Platform providers and the viewer's own; `hiddenIds` are those the profile chose not to see. */
export async function listProviders(viewer: Viewer, hiddenIds: readonly number[]): Promise<ProviderView[]> {
  const records = await listVisible(viewer)
  const counts = await countContents(records.map(({ id }) => id))
  return records.map(record => toView(record, viewer, { shown: !hiddenIds.includes(record.id), counts: counts.get(record.id) }))
}

async function viewOne(viewer: Viewer, id: number): Promise<ProviderView> {
  const counts = await countContents([id])
  return toView(await getVisible(viewer, id), viewer, { shown: true, counts: counts.get(id) })
}

/** Without the bus nothing is lost: the refresh that is due every 15 minutes finds the provider too. */
const tellChanged = (providerId: number) => publish('provider.changed', { providerId })

/**
 * Signs in first; what fails there is said with the field at fault and nothing is saved. Announces `provider.changed`.
 * @throws FORBIDDEN for a platform provider by a viewer who is no admin, CONFLICT when the account is full, and the codes of
 * check.ts
 */
export async function createProvider(viewer: Viewer, input: ProviderInput): Promise<ProviderView> {
  if (input.platform) requireAdmin(viewer)
  else await requireRoom(viewer)
  const options: ProviderOptions = {
    privateNetworks: [],
    delivery: 'proxy',
    autoMerge: input.autoMerge ?? false,
    ...(input.userAgent ? { userAgent: input.userAgent } : {}),
  }
  const ownerId = input.platform ? null : viewer.accountId
  const reach = { ownerId, options }
  const checked = input.kind === 'xtream' ? await checkNewXtream(input, reach) : await checkNewM3u(input, reach)
  const id = await insertProvider({
    ownerId,
    kind: input.kind,
    name: input.name,
    refreshHours: input.refreshHours,
    options,
    ...checked,
  })
  await tellChanged(id)
  return viewOne(viewer, id)
}

/** Every provider is refreshed on a timetable, so what one account may add has an end. */
async function requireRoom(viewer: Viewer): Promise<void> {
  if ((await countOwned(viewer.accountId)) < MAX_OWNED) return
  throw new AppError('CONFLICT', {
    field: 'name',
    say: `You have ${MAX_OWNED} sources, which is as many as one account can have. Delete one you no longer need first.`,
  })
}

async function checkNewXtream(input: ProviderInput & { kind: 'xtream' }, reach: Reach) {
  const { base } = parseAddress(input.address)
  const { username, password } = input
  const account = await checkXtream({ base, username, password, ...reach, known: false })
  const credentials: Credentials = { kind: 'xtream', base, username, password }
  return { credentials, account, address: base, playlistText: null }
}

async function checkNewM3u(input: ProviderInput & { kind: 'm3u' }, reach: Reach) {
  const text = input.playlistText || null
  if (text === null && !input.playlistUrl) {
    throw new AppError('INVALID_PARAMETER', { field: 'playlistUrl', say: 'Give the address of a playlist, or choose a file.' })
  }
  const playlistUrl = text === null ? parsePlaylistUrl(input.playlistUrl ?? '') : null
  const guideUrls = await checkPlaylist(playlistUrl === null ? { text: text ?? '' } : { url: playlistUrl }, reach)
  const given = input.guideUrl ? parsePlaylistUrl(input.guideUrl, 'guideUrl') : null
  const credentials: Credentials = { kind: 'm3u', playlistUrl, guideUrl: given ?? guideUrls[0] ?? null, salt: newSalt() }
  return { credentials, account: null, address: playlistUrl ? publicAddress(playlistUrl) : UPLOADED, playlistText: text }
}

/**
 * Changes what is given; a changed login is checked first. An empty password stays. Announces `provider.changed`.
 * @throws NOT_FOUND, FORBIDDEN, and the codes of check.ts
 */
export async function updateProvider(viewer: Viewer, id: number, change: ProviderChange): Promise<ProviderView> {
  const record = await getChangeable(viewer, id)
  const { name, refreshHours, userAgent, autoMerge, delivery } = change
  const options: ProviderOptions = { ...record.options }
  if (userAgent) options.userAgent = userAgent
  else if (userAgent === '') delete options.userAgent
  if (autoMerge !== undefined) options.autoMerge = autoMerge
  if (delivery !== undefined) options.delivery = delivery
  const patch: ProviderPatch = {
    options,
    ...(name === undefined ? {} : { name }),
    ...(refreshHours === undefined ? {} : { refreshHours }),
    ...(await changedLogin(record, change, { ownerId: record.ownerId, options })),
  }
  await patchProvider(viewer, id, patch)
  await tellChanged(id)
  return viewOne(viewer, id)
}

async function changedLogin(record: ProviderRecord, change: ProviderChange, reach: Reach): Promise<ProviderPatch> {
  const credentials = await openCredentials(record.id)
  return credentials.kind === 'xtream' ? changedXtream(credentials, change, reach) : changedM3u(credentials, change, reach)
}

async function changedXtream(
  old: Credentials & { kind: 'xtream' },
  change: ProviderChange,
  reach: Reach,
): Promise<ProviderPatch> {
  const pasted = change.address === undefined ? null : parseAddress(change.address)
  const base = pasted?.base ?? old.base
  const username = change.username ?? pasted?.username ?? old.username
  const password = change.password || pasted?.password || old.password
  if (base === old.base && username === old.username && password === old.password) return {}
  const account = await checkXtream({ base, username, password, ...reach, known: false })
  return { credentials: { kind: 'xtream', base, username, password }, account, address: base }
}

async function changedM3u(old: Credentials & { kind: 'm3u' }, change: ProviderChange, reach: Reach): Promise<ProviderPatch> {
  const guideUrl =
    change.guideUrl === undefined ? old.guideUrl : change.guideUrl ? parsePlaylistUrl(change.guideUrl, 'guideUrl') : null
  if (change.playlistText) {
    await checkPlaylist({ text: change.playlistText }, reach)
    const credentials: Credentials = { ...old, playlistUrl: null, guideUrl }
    return { credentials, playlistText: change.playlistText, address: UPLOADED }
  }
  const playlistUrl = change.playlistUrl ? parsePlaylistUrl(change.playlistUrl) : old.playlistUrl
  if (playlistUrl !== old.playlistUrl && playlistUrl !== null) await checkPlaylist({ url: playlistUrl }, reach)
  const credentials: Credentials = { ...old, playlistUrl, guideUrl }
  return { credentials, ...(playlistUrl === null ? {} : { address: publicAddress(playlistUrl) }) }
}

/** Deletes it with everything only it carried, favourites and history of that included. @throws NOT_FOUND, FORBIDDEN */
export async function deleteProvider(viewer: Viewer, id: number): Promise<void> {
  const { ownerId } = await getChangeable(viewer, id)
  await removeProvider(viewer, id)
  await publish('provider.deleted', { providerId: id, ownerId })
}

/** @throws NOT_FOUND */
export async function requireVisibleProvider(viewer: Viewer, id: number): Promise<void> {
  await getVisible(viewer, id)
}

/** @throws NOT_FOUND, FORBIDDEN */
export async function requireChangeableProvider(viewer: Viewer, id: number): Promise<void> {
  await getChangeable(viewer, id)
}

export interface VisibleProvider {
  id: number
  name: string
  platform: boolean
  version: number
  /** Of the episodes of its series. */
  episodeVersion: number
  /** The last contact failed: what is shown is what we knew. */
  failing: boolean
  /** For the server's own calls. */
  privateNetworks: string[]
}

/** What a line-up is made of: every provider the viewer may see. */
export async function listVisibleProviders(viewer: Viewer): Promise<VisibleProvider[]> {
  const records = await listVisible(viewer)
  return records.map(({ id, name, ownerId, options, version, episodeVersion, errorCode }) => ({
    id,
    name,
    platform: ownerId === null,
    version,
    episodeVersion,
    failing: errorCode !== null,
    privateNetworks: networksOf({ ownerId, options }),
  }))
}
