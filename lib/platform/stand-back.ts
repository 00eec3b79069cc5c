import 'server-only'
import { readFileSync, writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { databaseErrorCode } from './db'

const BULK_NICENESS = 15
/** Without privileges the kernel takes one change of a group every tenth of a second. */
const AGAIN_MS = 150
const MAX_TRIES = 10

/**
 * Lets a connection's server process stand back behind the ones that viewers wait for. Only works, and is only tried, where
 * the database runs on this machine; elsewhere its own scheduler decides. Such a connection is not for the pool again.
 */
export function standBack(backendPid: number): void {
  try {
    if (!readFileSync(`/proc/${backendPid}/cmdline`, 'utf8').startsWith('postgres: ')) return
    setPriority(backendPid, BULK_NICENESS)
  } catch {
    // Not here, or not ours to change: the work is the same, only less polite.
    return
  }
  standBackAsGroup(backendPid, MAX_TRIES)
}

/** Each backend is a session of its own, and a kernel that groups by session lets niceness count within the group only. */
function standBackAsGroup(backendPid: number, tries: number): void {
  try {
    writeFileSync(`/proc/${backendPid}/autogroup`, String(BULK_NICENESS))
  } catch (error) {
    if (databaseErrorCode(error) === 'EAGAIN' && tries > 1) setTimeout(standBackAsGroup, AGAIN_MS, backendPid, tries - 1).unref()
  }
}
