import 'server-only'
import { pool } from '@/lib/platform/db'

export interface OwnMatch {
  itemId: number
  channelId: number
}

/** Accounts that added guides, or have matches left of such. */
export async function listGuideAccounts(): Promise<string[]> {
  const { rows } = await pool().query<{ id: string }>(
    `SELECT owner_id AS id FROM guide_source WHERE owner_id IS NOT NULL AND provider_id IS NULL AND NOT from_names
     UNION SELECT account_id FROM guide_own_match`,
  )
  return rows.map(({ id }) => id)
}

/** The guides that an account added itself, the best first. */
export async function listOwnGuides(account: string): Promise<number[]> {
  const { rows } = await pool().query<{ id: number }>(
    `SELECT id FROM guide_source WHERE owner_id = $1 AND provider_id IS NULL AND NOT from_names ORDER BY priority, id`,
    [account],
  )
  return rows.map(({ id }) => id)
}

/** Moves when these matches do; null where the account has none. */
export async function findOwnMatchVersion(account: string): Promise<string | null> {
  const { rows } = await pool().query<{ version: string | null }>(
    `SELECT md5(string_agg(item_id || '.' || channel_id, ',' ORDER BY item_id)) AS version FROM guide_own_match WHERE account_id = $1`,
    [account],
  )
  return rows[0]?.version ?? null
}

const tells = (channel: string) =>
  `EXISTS (SELECT 1 FROM programme p WHERE p.channel_id = ${channel}.id AND p.start > now() - interval '1 day')`

/** Puts down which of these win over everybody's guide, and forgets the others. True when something is another now. */
export async function writeOwnMatches(account: string, matches: readonly OwnMatch[]): Promise<boolean> {
  const { rows } = await pool().query<{ item_id: number }>(
    // Held until the end: an item or a guide channel may be removed by an import meanwhile.
    `WITH items AS (SELECT id FROM item WHERE id = ANY($2::int[]) ORDER BY id FOR KEY SHARE),
     channels AS (SELECT id, source_id FROM guide_channel WHERE id = ANY($3::int[]) ORDER BY id FOR KEY SHARE),
     best AS (
       SELECT w.item_id, w.channel_id FROM unnest($2::int[], $3::int[]) AS w (item_id, channel_id)
       JOIN items i ON i.id = w.item_id JOIN channels c ON c.id = w.channel_id JOIN guide_source g ON g.id = c.source_id
       LEFT JOIN guide_match m ON m.item_id = w.item_id
       LEFT JOIN guide_channel d ON d.id = m.channel_id LEFT JOIN guide_source e ON e.id = d.source_id
       WHERE d.id IS NULL OR (${tells('c')} AND NOT ${tells('d')})
         OR (${tells('c')} = ${tells('d')} AND g.priority < e.priority)),
     gone AS (
       DELETE FROM guide_own_match o WHERE o.account_id = $1 AND o.item_id NOT IN (SELECT item_id FROM best) RETURNING o.item_id),
     put AS (
       INSERT INTO guide_own_match AS o (account_id, item_id, channel_id) SELECT $1, item_id, channel_id FROM best
       ON CONFLICT (account_id, item_id) DO UPDATE SET channel_id = EXCLUDED.channel_id
       WHERE o.channel_id <> EXCLUDED.channel_id RETURNING o.item_id)
     SELECT item_id FROM gone UNION ALL SELECT item_id FROM put LIMIT 1`,
    [account, matches.map(({ itemId }) => itemId), matches.map(({ channelId }) => channelId)],
  )
  return rows.length > 0
}
