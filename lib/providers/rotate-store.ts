import 'server-only'
import { pool } from '@/lib/platform/db'
import { log } from '@/lib/platform/log'
import { isOldSeal, open, type SecretPlace, seal } from '@/lib/platform/secrets'

const BATCH = 500

interface Vault {
  table: string
  column: string
  key: string
  /** SQL of what else the seal is bound to. */
  bound?: string
  row: (row: Record<string, string | number>) => SecretPlace['row']
}

/** Every column that holds the seal of an address, a login or a token, and to what each seal is bound. */
const vaults: readonly Vault[] = [
  { table: 'provider', column: 'secret', key: 'id', row: ({ id }) => id ?? 0 },
  { table: 'provider_login', column: 'secret', key: 'id', row: ({ id }) => id ?? 0 },
  { table: 'provider_playlist', column: 'sealed', key: 'provider_id', row: ({ id }) => id ?? 0 },
  {
    table: 'source',
    column: 'secret_url',
    key: 'id',
    bound: `provider_id || '/' || kind || '/' || provider_item_id`,
    row: ({ bound }) => bound ?? '',
  },
  { table: 'guide_source', column: 'secret', key: 'id', row: ({ id }) => id ?? 0 },
  { table: 'drm_config', column: 'secret', key: 'item_id', row: ({ id }) => id ?? 0 },
  {
    table: 'push_subscription',
    column: 'secret',
    key: 'id',
    bound: "encode(endpoint_hash, 'hex')",
    row: ({ bound }) => bound ?? '',
  },
  {
    table: 'notification_setting',
    column: 'calendar_secret',
    key: 'id',
    bound: 'profile_id::text',
    row: ({ bound }) => bound ?? '',
  },
]

/**
 * Seals everything that was sealed with an older key anew, in batches, while others read and write: a row that changed
 * meanwhile is left for the next run. Returns how many were re-sealed.
 */
export async function rotateSecrets(): Promise<number> {
  let count = 0
  for (const vault of vaults) count += await rotateVault(vault)
  if (count > 0) log().info({ count }, 'secrets were sealed with the newest key')
  return count
}

async function rotateVault({ table, column, key, bound = "''", row }: Vault): Promise<number> {
  let count = 0
  let after = 0
  for (;;) {
    const { rows } = await pool().query<{ id: number; sealed: string; bound: string }>(
      `SELECT ${key} AS id, ${column} AS sealed, ${bound} AS bound FROM ${table}
       WHERE ${key} > $1 AND ${column} IS NOT NULL AND ${column} <> '' ORDER BY ${key} LIMIT ${BATCH}`,
      [after],
    )
    for (const found of rows.filter(({ sealed }) => isOldSeal(sealed))) {
      const place = { table, column, row: row({ id: found.id, bound: found.bound }) }
      const fresh = seal(open(found.sealed, place), place)
      const { rowCount } = await pool().query(`UPDATE ${table} SET ${column} = $1 WHERE ${key} = $2 AND ${column} = $3`, [
        fresh,
        found.id,
        found.sealed,
      ])
      count += rowCount ?? 0
    }
    if (rows.length < BATCH) return count
    after = rows.at(-1)?.id ?? after
  }
}
