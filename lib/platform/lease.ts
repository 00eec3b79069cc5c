import 'server-only'
import { randomUUID } from 'node:crypto'
import { pool } from './db'

/** A right with an end. `fence` grows with every holder, so a late write of a former one can be told apart. */
export interface Lease {
  name: string
  holder: string
  fence: bigint
}

/**
 * Takes the lease when it is free or has expired; null when somebody holds it. One statement under the database's own
 * clock, so two processes cannot both win and no clock of ours counts (reliability.md C32, C33). `ttlMs` in ms.
 */
export async function acquireLease(name: string, ttlMs: number): Promise<Lease | null> {
  const holder = randomUUID()
  const { rows } = await pool().query<{ fence: string }>(
    `INSERT INTO lease (name, holder, fence, expires_at)
     VALUES ($1, $2, 1, clock_timestamp() + $3 * interval '1 ms')
     ON CONFLICT (name) DO UPDATE
       SET holder = EXCLUDED.holder, fence = lease.fence + 1, expires_at = EXCLUDED.expires_at
       WHERE lease.expires_at < clock_timestamp()
     RETURNING fence`,
    [name, holder, ttlMs],
  )
  return rows[0] ? { name, holder, fence: BigInt(rows[0].fence) } : null
}

/** Extends the lease; false when it was lost meanwhile, and the holder must stop. Renew at a third of the ttl. */
export async function renewLease(lease: Lease, ttlMs: number): Promise<boolean> {
  const { rowCount } = await pool().query(
    `UPDATE lease SET expires_at = clock_timestamp() + $3 * interval '1 ms'
     WHERE name = $1 AND holder = $2 AND expires_at >= clock_timestamp()`,
    [lease.name, lease.holder, ttlMs],
  )
  return rowCount === 1
}

export async function releaseLease(lease: Lease): Promise<void> {
  await pool().query(`UPDATE lease SET expires_at = '-infinity' WHERE name = $1 AND holder = $2`, [lease.name, lease.holder])
}

/** Runs `work` while holding the lease, renewing it; `signal` aborts when it is lost. Null when somebody else holds it. */
export async function withLease<T>(name: string, ttlMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
  const lease = await acquireLease(name, ttlMs)
  if (!lease) return null
  const lost = new AbortController()
  const timer = setInterval(() => {
    renewLease(lease, ttlMs).then(
      kept => kept || lost.abort(new Error(`lease ${name} was lost`)),
      error => lost.abort(error),
    )
  }, ttlMs / 3)
  try {
    return await work(lost.signal)
  } finally {
    clearInterval(timer)
    await releaseLease(lease)
  }
}
