import 'server-only'
import { BlockList } from 'node:net'
import { AppError } from '@/lib/kernel/errors'
import { publish } from '@/lib/platform/bus'
import { addNetwork } from './access-rules'
import { recordAudit } from './audit'
import { credentialHash, newPassword, newUsername, requireFreeName } from './line-secret'
import {
  countLines,
  endLine,
  getOwnLine,
  insertLine,
  type LineRecord,
  listLineRecords,
  patchLine,
  replaceSecret,
} from './line-store'
import type { AccessRules, LineChange, LineInput, Viewer } from './schema'

/** Lines of one account: more than a household has devices. */
const MAX_LINES = 50

export interface MadeLine {
  line: LineRecord
  /** Shown once: what is stored does not lead back to it. */
  password: string
}

/**
 * Makes a line for the profile in use. The caller has checked that its providers are the viewer's to see.
 * @throws USERNAME_RESERVED, CONFLICT for a taken name or too many lines, INVALID_PARAMETER for a rule that is no network
 */
export async function createLine(viewer: Viewer, input: LineInput, address: string): Promise<MadeLine> {
  requireReadable(input.rules)
  if ((await countLines(viewer.accountId)) >= MAX_LINES) {
    throw new AppError('CONFLICT', {
      field: 'name',
      say: `You have ${MAX_LINES} devices, which is as many as one account can have.`,
    })
  }
  const username = input.username ?? newUsername()
  requireFreeName(username)
  const password = newPassword()
  const secret = credentialHash(username, password)
  const { accountId, profileId } = viewer
  const id = await insertLine({ ...input, username, accountId, profileId, secret })
  await recordAudit({ accountId, action: 'line.created', subject: 'line', address, details: { line: id } })
  return { line: await getOwnLine(accountId, id), password }
}

export const listLines = (viewer: Viewer): Promise<LineRecord[]> => listLineRecords(viewer.accountId)

export const getLine = (viewer: Viewer, id: number): Promise<LineRecord> => getOwnLine(viewer.accountId, id)

/** Running streams are checked against it at once. @throws NOT_FOUND, INVALID_PARAMETER */
export async function updateLine(viewer: Viewer, id: number, change: LineChange): Promise<LineRecord> {
  await getOwnLine(viewer.accountId, id)
  requireReadable(change.rules)
  await patchLine(id, change)
  await publish('line.changed', { lineId: id })
  return getOwnLine(viewer.accountId, id)
}

/** A new password; apps with the old one stop. @throws NOT_FOUND */
export async function renewLinePassword(viewer: Viewer, id: number, address: string): Promise<MadeLine> {
  const line = await getOwnLine(viewer.accountId, id)
  const password = newPassword()
  await replaceSecret(id, credentialHash(line.username, password))
  await publish('line.changed', { lineId: id })
  await recordAudit({ accountId: viewer.accountId, action: 'line.renewed', subject: 'line', address, details: { line: id } })
  return { line, password }
}

/** Takes effect on running streams at once, in every process. @throws NOT_FOUND */
export async function revokeLine(viewer: Viewer, id: number, address: string): Promise<void> {
  await getOwnLine(viewer.accountId, id)
  await endLine(id)
  await publish('line.changed', { lineId: id })
  await recordAudit({ accountId: viewer.accountId, action: 'line.revoked', subject: 'line', address, details: { line: id } })
}

/** A rule that cannot be read would silently not count. @throws INVALID_PARAMETER */
export function requireReadable(rules: AccessRules | undefined): void {
  for (const network of [...(rules?.allowNetworks ?? []), ...(rules?.blockNetworks ?? [])]) {
    try {
      addNetwork(new BlockList(), network)
    } catch (cause) {
      throw new AppError('INVALID_PARAMETER', { field: 'rules', say: `${network} is not an address or network.`, cause })
    }
  }
}
