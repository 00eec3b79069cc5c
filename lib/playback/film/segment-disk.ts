import 'server-only'
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { hasDiskRoom } from '@/lib/platform/disk-room'
import { env } from '@/lib/platform/env'
import { log } from '@/lib/platform/log'
import { shared } from '@/lib/platform/shared'

/** When the budget is passed or the disk runs out, so much is made free at once. */
const FREED = 0.15
/** So often what is kept makes room on a disk that others fill, in ms. */
const RELIEF_MS = 10_000

interface Ledger {
  bytes: number | null
  sweeping: Promise<void> | null
  /** When what is kept last made room for others. */
  relievedAt: number
}

const ledger = () => shared<Ledger>('segment-disk', () => ({ bytes: null, sweeping: null, relievedAt: Number.NEGATIVE_INFINITY }))
const root = () => join(env().DATA_DIR, 'segments')

/** What was kept under a name; null when it is not there. The names are made by the server. */
export async function readKept(name: string): Promise<Buffer | null> {
  const path = join(root(), name)
  try {
    const bytes = await readFile(path)
    const now = new Date()
    // What was used last stays longest.
    void utimes(path, now, now).catch(() => {})
    return bytes
  } catch {
    return null
  }
}

/** Is anything kept under a name? Does not count as a use of it. */
export const isKept = (name: string): Promise<boolean> =>
  stat(join(root(), name)).then(
    () => true,
    () => false,
  )

/**
 * Keeps bytes for the next who needs them; false when it could not, or when the disk has little room left. A disk that is full costs
 * nothing but time, so failures are not the caller's.
 */
export async function keep(name: string, bytes: Buffer): Promise<boolean> {
  const path = join(root(), name)
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    if (!(await hasDiskRoom(root()))) {
      await relieve()
      return false
    }
    await writeFile(temporary, bytes)
    await rename(temporary, path)
    const state = ledger()
    if (state.bytes !== null) state.bytes += bytes.length
    await sweepTo(env().SEGMENTS_MB * 2 ** 20)
    return true
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    log().warn({ err: error }, 'a piece of a film could not be kept on disk')
    return false
  }
}

/** The disk has little room left: what is kept of films gives some of it back. */
async function relieve(): Promise<void> {
  const state = ledger()
  if (performance.now() - state.relievedAt < RELIEF_MS) return
  state.relievedAt = performance.now()
  log().warn('the disk is nearly full: pieces of films are not kept on it')
  await sweepTo(Number.POSITIVE_INFINITY)
  await sweepTo((state.bytes ?? 0) - 1)
}

async function sweepTo(budget: number): Promise<void> {
  const state = ledger()
  state.sweeping ??= sweep(budget).finally(() => {
    state.sweeping = null
  })
  await state.sweeping
}

/** Removes what was not used for longest, when there is more than the budget. */
async function sweep(budget: number): Promise<void> {
  const state = ledger()
  if (state.bytes !== null && state.bytes <= budget) return
  const files: { path: string; size: number; usedAt: number }[] = []
  for (const entry of await readdir(root(), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const found = await stat(path).catch(() => null)
    if (found !== null) files.push({ path, size: found.size, usedAt: found.mtimeMs })
  }
  let total = files.reduce((sum, { size }) => sum + size, 0)
  if (total > budget) {
    files.sort((a, b) => a.usedAt - b.usedAt)
    for (const { path, size } of files) {
      if (total <= budget * (1 - FREED)) break
      await rm(path, { force: true })
      total -= size
    }
  }
  state.bytes = total
}
