import 'server-only'
import { pool } from '@/lib/platform/db'
import type { LineUp } from './line-up'

/** A channel with what leads to its guide: the provider's own id of it, and the id in guides. */
export interface GuideChannel {
  id: number
  name: string
  image: string | null
  archiveDays: number
  providerId: number
  providerItemId: string
  /** The guide channel that a guide of the account's own has for it; null where the one of everybody counts. */
  ownChannelId: number | null
  /** Its id for other apps: its own, or the one that a match gave it. Null: only the provider's short guide may know it. */
  guideId: string | null
  /** False for an entry of a playlist, which has no short guide, and for a silent channel. */
  isAsked: boolean
  /** A person said that it has no guide. */
  isSilent: boolean
}

const guideId = "coalesce('item.' || o.item_id, m.app_id, nullif(i.guide_id, ''))"
const select = `SELECT DISTINCT ON (i.id) i.id, i.name, i.image, i.archive_days AS "archiveDays", s.provider_id AS "providerId",
  s.provider_item_id AS "providerItemId", ${guideId} AS "guideId", o.channel_id AS "ownChannelId",
  s.secret_url IS NULL AND coalesce(m.how <> 'none', true) AS "isAsked", coalesce(m.how = 'none', false) AS "isSilent"
  FROM source s JOIN item i ON i.id = s.item_id LEFT JOIN guide_match m ON m.item_id = i.id
  LEFT JOIN guide_own_match o ON o.item_id = i.id AND o.account_id = $4::uuid
  WHERE s.kind = 'channel' AND s.provider_id = ANY($1::int[])
    AND ($2::int[] IS NULL OR s.category_id = ANY($2::int[]) OR NOT s.provider_id = ANY($3::int[]))`

const valuesOf = ({ guidesOf, ids, categoryIds, providers }: LineUp) => [
  ids,
  categoryIds,
  [...providers.values()].filter(({ platform }) => platform).map(({ id }) => id),
  guidesOf,
]

/** Channels of the line-up by their ids, in the order asked; those it does not hold are left out. */
export async function findGuideChannels(lineUp: LineUp, itemIds: readonly number[]): Promise<GuideChannel[]> {
  const { rows } = await pool().query<GuideChannel>(
    `${select} AND i.id = ANY($5::int[]) ORDER BY i.id, s.missing_at NULLS FIRST, s.id`,
    [...valuesOf(lineUp), itemIds],
  )
  return itemIds.flatMap(id => rows.find(row => row.id === id) ?? [])
}

/** Every channel of the line-up that a guide can know, in the providers' order. */
export async function listGuideChannels(lineUp: LineUp): Promise<(GuideChannel & { guideId: string })[]> {
  const { rows } = await pool().query<GuideChannel & { guideId: string }>(
    `SELECT * FROM (${select} AND ${guideId} <> '' ORDER BY i.id, s.missing_at NULLS FIRST, s.id) found ORDER BY id`,
    valuesOf(lineUp),
  )
  return rows
}

/** Days that the deepest archive of these channels reaches back; 0 without one. */
export async function findDeepestArchive(itemIds: readonly number[]): Promise<number> {
  const { rows } = await pool().query<{ days: number }>(
    'SELECT coalesce(max(archive_days), 0)::int AS days FROM item WHERE id = ANY($1::int[])',
    [itemIds],
  )
  return rows[0]?.days ?? 0
}
