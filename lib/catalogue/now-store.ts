import 'server-only'
import { pool } from '@/lib/platform/db'
import type { LineUp } from './line-up'

export interface ChannelSource {
  itemId: number
  providerId: number
  providerItemId: string
}

/** The first Xtream source of each channel in the line-up. */
export async function listChannelSources(lineUp: LineUp, itemIds: readonly number[]): Promise<ChannelSource[]> {
  const { rows } = await pool().query<ChannelSource>(
    `SELECT DISTINCT ON (s.item_id) s.item_id AS "itemId", s.provider_id AS "providerId", s.provider_item_id AS "providerItemId"
     FROM source s WHERE s.item_id = ANY($1::int[]) AND s.kind = 'channel' AND s.provider_id = ANY($2::int[])
       AND s.secret_url IS NULL
     ORDER BY s.item_id, s.missing_at NULLS FIRST, s.id`,
    [itemIds, lineUp.ids],
  )
  return rows
}
