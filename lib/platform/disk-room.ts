import 'server-only'
import { statfs } from 'node:fs/promises'

/** What must stay free for what cannot be made again: the database, uploads, logs. Small disks keep a part instead. */
const FLOOR_BYTES = 2 ** 30
const FLOOR_SHARE = 0.05

/** May caches of this folder's disk grow? False once it has less than 1 GiB left, or 5 % of a disk below 20 GiB (reliability.md C16). */
export async function hasDiskRoom(folder: string): Promise<boolean> {
  const { bavail, blocks, bsize } = await statfs(folder)
  return bavail * bsize >= Math.min(FLOOR_BYTES, blocks * bsize * FLOOR_SHARE)
}
