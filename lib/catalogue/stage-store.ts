import 'server-only'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { PoolClient } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { AppError } from '@/lib/kernel/errors'
import type { ItemKind } from '@/lib/kernel/ids'
import { createTurns } from '@/lib/kernel/turns'
import { pool } from '@/lib/platform/db'
import { standBack } from '@/lib/platform/stand-back'
import { stagedColumns } from './staged'

/** A session of its own for one import: its temporary tables live and end with it. */
export interface ImportSession {
  client: PoolClient
  /** The role may switch foreign key checks off for rows whose keys come from the very tables they point to. */
  canSkipChecks: boolean
  /** Several kinds of a playlist share one session: a transaction of one must not take in what another one writes. */
  inTurn: ReturnType<typeof createTurns>
  /** Ends the statement that is running, from another connection. */
  interrupt(): Promise<void>
  end(): Promise<void>
}

export async function openSession(): Promise<ImportSession> {
  const client = await pool().connect()
  const { rows } = await client.query<{ pid: number; may: boolean }>(
    "SELECT pg_backend_pid() AS pid, current_setting('is_superuser') = 'on' AS may",
  )
  // A crash may lose the last moment of an import, which is idempotent; waiting for the disk at each step costs seconds.
  await client.query("SET synchronous_commit = off; SET work_mem = '64MB'; SET gin_pending_list_limit = '1MB'; SET jit = off")
  if (rows[0]) standBack(rows[0].pid)
  return {
    client,
    canSkipChecks: rows[0]?.may ?? false,
    inTurn: createTurns(1),
    interrupt: async () => {
      await pool().query('SELECT pg_cancel_backend($1)', [rows[0]?.pid])
    },
    end: async () => {
      await client.query('ROLLBACK').catch(() => undefined)
      // Its settings and its place behind the others end with the connection.
      client.release(true)
    },
  }
}

/**
 * Begins a transaction that holds the provider against deletion. With `canSkipChecks` the foreign keys of its rows are
 * not looked up one by one (a third of the time of a large import): every key written comes from a join with the table it
 * points to, or from a row this transaction holds. @throws NOT_FOUND when the provider is gone
 */
export async function beginWrite({ client, canSkipChecks }: ImportSession, providerId: number): Promise<void> {
  await client.query('BEGIN')
  const { rowCount } = await client.query('SELECT 1 FROM provider WHERE id = $1 FOR KEY SHARE', [providerId])
  if (rowCount === 0) throw new AppError('NOT_FOUND')
  if (canSkipChecks) await client.query('SET LOCAL session_replication_role = replica')
}

/** Back to checking, before rows are deleted: what hangs on them must go with them. */
export async function checkAgain({ client, canSkipChecks }: ImportSession): Promise<void> {
  if (canSkipChecks) await client.query('SET LOCAL session_replication_role = origin')
}

/** Names of staging tables; constants, so that they may stand in SQL. */
export const stageOf = (kind: ItemKind): string => `stage_${kind}`

/** Makes an empty staging table. With `isFirst` each row gets an item id as it comes in. */
export async function createStage(client: PoolClient, kind: ItemKind, isFirst: boolean): Promise<void> {
  const id = isFirst ? "DEFAULT nextval('item_id_seq')" : ''
  await client.query(`DROP TABLE IF EXISTS pg_temp.${stageOf(kind)}`)
  await client.query(
    `CREATE TEMP TABLE ${stageOf(kind)} (
       pid text, position int, name text, sort_name text, match_key text, image text, number int, guide_id text,
       archive_days int, adult boolean, year int, rating real, genres text[], added_at timestamptz, category text,
       container text, plot text, secret_url text, parent text, season int, episode int, duration_seconds int, renews boolean,
       details jsonb, item_id int ${id})`,
  )
}

/** One batch into the staging table. Short statements: a download of minutes must not meet the statement timeout. */
export async function copyLines(client: PoolClient, kind: ItemKind, pieces: readonly Buffer[]): Promise<void> {
  const into = client.query(copyFrom(`COPY ${stageOf(kind)} (${stagedColumns}) FROM STDIN`))
  await pipeline(Readable.from(pieces), into)
}

/** Tells the planner how large the catalogue is. Outside a transaction of the caller's. */
export async function updateStatistics(client: Pick<PoolClient, 'query'>): Promise<void> {
  await client.query('ANALYZE item (id, kind, owner_id, sort_name, match_key, added_at, year, rating, genres, parent_id)')
  await client.query('ANALYZE source, search_word, category')
}
