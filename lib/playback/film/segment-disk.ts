import 'server-only'
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { env } from '@/lib/platform/env'
import { log } from '@/lib/platform/log'
import { shared } from '@/lib/platform/shared'

/** When the budget is passed, so much of it is made free at once. */
const FREED = 0.15

interface Ledger {
  bytes: number | null
  sweeping: Promise<void> | null
}

const ledger = () => shared<Ledger>('segment-disk', () => ({ bytes: null, sweeping: null }))
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

/** Keeps bytes for the next who needs them. A disk that is full costs nothing but time, so failures are not the caller's. */
export async function keep(name: string, bytes: Buffer): Promise<void> {
  const path = join(root(), name)
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(temporary, bytes)
    await rename(temporary, path)
    const state = ledger()
    if (state.bytes !== null) state.bytes += bytes.length
    state.sweeping ??= sweep().finally(() => {
      state.sweeping = null
    })
    await state.sweeping
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    log().warn({ err: error }, 'a piece of a film could not be kept on disk')
  }
}

/** Removes what was not used for longest, when there is more than the budget. */
async function sweep(): Promise<void> {
  const state = ledger()
  const budget = env().SEGMENTS_MB * 2 ** 20
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
