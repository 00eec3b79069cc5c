import 'server-only'
import { pool } from '@/lib/platform/db'

interface Untold {
  id: number
  providerId: number | null
  version: number
}

const untold = 'SELECT id, provider_id AS "providerId", version FROM guide_source WHERE version <> told_version'

/** A guide whose last change nobody has followed yet; null when there is none or it is gone. */
export async function findUntold(id: number): Promise<Untold | null> {
  const { rows } = await pool().query<Untold>(`${untold} AND id = $1`, [id])
  return rows[0] ?? null
}

/** Guides of which that is so for a while: whoever told of it, or heard it, is gone. */
export async function listUntold(): Promise<Untold[]> {
  const { rows } = await pool().query<Untold>(`${untold} AND state <> 'running' ORDER BY id`)
  return rows
}

export async function markTold(id: number, version: number): Promise<void> {
  await pool().query('UPDATE guide_source SET told_version = $2 WHERE id = $1', [id, version])
}
