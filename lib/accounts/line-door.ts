import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import { findCountry } from '@/lib/platform/country'
import { clearLimit, countAgainst, requireTriesLeft } from '@/lib/platform/limits'
import { log } from '@/lib/platform/log'
import { derivedKeys } from '@/lib/platform/secrets'
import { shared } from '@/lib/platform/shared'
import { requireAccess } from './access-end'
import { asksCountry, type Caller, isFree, passesRules } from './access-rules'
import { credentialHash, hashWith } from './line-secret'
import { getLineSettings, peekLineSettings } from './line-settings'
import { findLineByHash, isKnownLineAddress, isLineEnded, type LineRecord, moveSecret, noteLineUse } from './line-store'

/** A revoked line is told on the bus; should that be lost, it is gone here after this long. */
const KEPT_MS = 10_000
const MAX_KEPT = 50_000
const NOTE_MS = 60_000
/** Addresses of one line that are remembered as written down. */
const MAX_NOTED = 32

interface Kept {
  line: LineRecord
  at: number
  /** When each address was last written down. */
  noted: Map<string, number>
}

interface Door {
  byHash: Map<string, Kept>
}

const door = () => shared<Door>('line-door', () => ({ byHash: new Map() }))

export interface LineCaller {
  address: string
  app: string
}

/**
 * Whose line these credentials are. Wrong ones count against the address and the name, over every address of the gateway
 * together; a known name at its usual address is always let through to the check (reliability.md B19, B20).
 * @throws LINE_REFUSED, TOO_MANY_REQUESTS
 */
export async function findLineFor(username: string, password: string, caller: LineCaller): Promise<LineRecord> {
  const { hash } = credentialHash(username, password)
  const key = hash.toString('base64')
  const known = door().byHash.get(key)
  if (known !== undefined && performance.now() - known.at < KEPT_MS) {
    note(known, caller)
    return known.line
  }
  const line = await lookUp(username, password, caller)
  const entry: Kept = { line, at: performance.now(), noted: known?.noted ?? new Map() }
  const { byHash } = door()
  byHash.delete(key)
  byHash.set(key, entry)
  const [oldest] = byHash.keys()
  if (byHash.size > MAX_KEPT && oldest !== undefined) byHash.delete(oldest)
  note(entry, caller)
  return line
}

/** Names a pair of credentials inside this process, for `peekLine`. */
export const lineKey = (username: string, password: string): string => credentialHash(username, password).hash.toString('base64')

/**
 * The line of a `lineKey`, at once, when it is known, good and bound by no rule of place or app; null means "ask
 * properly", not "no".
 */
export function peekLine(key: string, caller: LineCaller): LineRecord | null {
  const known = door().byHash.get(key)
  if (known === undefined || performance.now() - known.at >= KEPT_MS) return null
  const { line } = known
  const settings = peekLineSettings()
  if (settings === null || !isFree(settings.rules) || !isFree(line.rules)) return null
  if (isLineEnded(line)) return null
  note(known, caller)
  return line
}

async function lookUp(username: string, password: string, caller: LineCaller): Promise<LineRecord> {
  await requireTries(username, caller)
  const hashes = derivedKeys('device-line').map(key => hashWith(key, username, password))
  const line = await findLineByHash(hashes)
  if (line === null) {
    await countAgainst('lineByAddress', caller.address)
    await countAgainst('lineByName', username.slice(0, 64))
    throw new AppError('LINE_REFUSED')
  }
  const newest = credentialHash(username, password)
  // After a change of keys a line moves to the new one with its next use.
  if (newest.keyId !== line.keyId) {
    moveSecret(line.id, hashes, newest).catch(error =>
      log().warn({ err: error }, 'a device line could not be moved to the new key'),
    )
  }
  return line
}

async function requireTries(username: string, caller: LineCaller): Promise<void> {
  try {
    await requireTriesLeft('lineByAddress', caller.address)
    await requireTriesLeft('lineByName', username.slice(0, 64))
  } catch (refusal) {
    if (!(await isKnownLineAddress(username, caller.address))) throw refusal
    await countAgainst('lineByName', `${username.slice(0, 64)}|${caller.address}`)
  }
}

/** May the line be used now, from there, with that app? @throws LINE_ENDED, ACCESS_ENDED, LINE_NOT_HERE */
export async function requireUsable(line: LineRecord, caller: LineCaller): Promise<void> {
  requireAccess(line.accessEndsAt)
  if (isLineEnded(line)) throw new AppError('LINE_ENDED')
  await requirePlace(line, caller)
}

/** @throws LINE_NOT_HERE */
export async function requirePlace(line: LineRecord, caller: LineCaller): Promise<void> {
  const { rules } = await getLineSettings()
  const needsCountry = asksCountry(rules) || asksCountry(line.rules)
  const full: Caller = { ...caller, country: needsCountry ? await findCountry(caller.address) : null }
  if (!passesRules(rules, full) || !passesRules(line.rules, full)) throw new AppError('LINE_NOT_HERE')
}

/** After a change; null forgets all. */
export function forgetLines(lineId: number | null): void {
  const { byHash } = door()
  for (const [key, { line }] of byHash) if (lineId === null || line.id === lineId) byHash.delete(key)
}

function note(entry: Kept, caller: LineCaller): void {
  const now = performance.now()
  if (now - (entry.noted.get(caller.address) ?? Number.NEGATIVE_INFINITY) < NOTE_MS) return
  if (entry.noted.size >= MAX_NOTED) entry.noted.clear()
  entry.noted.set(caller.address, now)
  noteLineUse(entry.line.id, caller).catch(error => log().warn({ err: error }, 'the use of a device line could not be noted'))
  clearLimit('lineByName', `${entry.line.username}|${caller.address}`).catch(() => {})
}
