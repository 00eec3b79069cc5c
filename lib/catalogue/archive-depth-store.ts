import 'server-only'
import type { PoolClient } from 'pg'

/**
 * The archive of an item reaches as far back as the longest of its sources does. `items` is SQL for the ids of those whose sources
 * have changed.
 */
export async function settleDepths(client: PoolClient, items: string, values: readonly unknown[]): Promise<void> {
  await client.query(
    `UPDATE item i SET archive_days = d.days FROM (
       SELECT item_id, max(archive_days) AS days FROM source WHERE item_id IN (${items}) GROUP BY item_id) d
     WHERE i.id = d.item_id AND i.kind = 'channel' AND i.archive_days <> d.days`,
    [...values],
  )
}
