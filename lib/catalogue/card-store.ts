import 'server-only'
import type { ItemKind } from '@/lib/kernel/ids'
import { pool } from '@/lib/platform/db'
import type { LineUp } from './line-up'
import { pictureAddress } from './picture-address'
import type { ItemCard } from './schema'

export interface CardRow {
  id: number
  kind: ItemKind
  name: string
  image: string | null
  number: number | null
  year: number | null
  rating: number | null
  archiveDays: number
  season: number | null
  episode: number | null
  parentId: number | null
  parentName: string | null
  parentImage: string | null
  favourite: boolean
  position: number | null
  duration: number | null
  finished: boolean | null
  carried: boolean
}

/** Columns of a card; `i` is the item, `$1` the profile. */
export const cardColumns = `i.id, i.kind, i.name, i.image, i.number, i.year, i.rating, i.archive_days AS "archiveDays",
  i.season, i.episode, i.parent_id AS "parentId", parent.name AS "parentName", parent.image AS "parentImage",
  f.item_id IS NOT NULL AS favourite, w.position_seconds AS position, w.duration_seconds AS duration, w.finished,
  EXISTS (SELECT 1 FROM source carrier WHERE carrier.item_id = i.id) AS carried`
export const cardJoins = `LEFT JOIN item parent ON parent.id = i.parent_id
  LEFT JOIN favourite f ON f.item_id = i.id AND f.profile_id = $1
  LEFT JOIN watch w ON w.item_id = i.id AND w.profile_id = $1`

export function toCard(row: CardRow): ItemCard {
  const { id, kind, name, number, year, rating, archiveDays, favourite } = row
  const owner = row.image === null && row.parentImage !== null ? row.parentId : null
  const series =
    row.parentId === null
      ? null
      : { id: row.parentId, name: row.parentName ?? '', season: row.season ?? 0, episode: row.episode ?? 0 }
  return {
    id,
    kind,
    name,
    image: owner === null ? pictureAddress(id, row.image) : pictureAddress(owner, row.parentImage),
    number,
    year,
    rating: rating === null ? null : Math.round(rating * 10) / 10,
    favourite,
    archiveDays,
    series,
    ...(row.carried ? {} : { unavailable: true }),
    progress:
      row.position === null || row.duration === null || row.finished === null
        ? null
        : { position: row.position, duration: row.duration, finished: row.finished },
  }
}

/** Cards of the ids, in their order. The caller has checked that they are in the line-up. */
export async function loadCards(lineUp: LineUp, ids: readonly number[]): Promise<ItemCard[]> {
  if (ids.length === 0) return []
  const { rows } = await pool().query<CardRow>(
    `SELECT ${cardColumns} FROM unnest($2::int[]) WITH ORDINALITY AS wanted (id, n)
     JOIN item i ON i.id = wanted.id ${cardJoins} ORDER BY wanted.n`,
    [lineUp.profileId, ids],
  )
  return rows.map(toCard)
}

/**
 * SQL that is true for items of the line-up; `$n` holds its provider ids. Not EXISTS: that may become a join over all
 * sources, where a look-up for each of the few items at hand is a hundred times less.
 */
export const inLineUp = (n: number, item = 'i'): string =>
  `(SELECT true FROM source s WHERE s.item_id = ${item}.id AND s.provider_id = ANY($${n}::int[]) LIMIT 1)`

/**
 * SQL that is true for items of the line-up and for those of its owners that no source carries any more (kept for their
 * favourites and history). `$ids` holds provider ids, `$owners` account ids, `$platform` whether platform items count.
 */
export const inLineUpOrKept = (ids: number, owners: number, platform: number): string =>
  `(coalesce(${inLineUp(ids)}, false) OR (NOT EXISTS (SELECT 1 FROM source s WHERE s.item_id = i.id)
    AND (i.owner_id = ANY($${owners}::uuid[]) OR (i.owner_id IS NULL AND $${platform}))))`

/** Values for `inLineUpOrKept`. */
export const keptValues = (lineUp: LineUp): [number[], string[], boolean] => [
  lineUp.ids,
  lineUp.owners.filter(owner => owner !== null),
  lineUp.owners.includes(null),
]
