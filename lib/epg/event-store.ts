import 'server-only'
import { pool } from '@/lib/platform/db'
import type { NamedEvent } from './event-name'
import type { Owner } from './match-store'

/** How far the clocks of an owner's providers are ahead of UTC, in minutes; those that never said are left out. */
export async function listClocks(owner: Owner): Promise<Map<number, number>> {
  const { rows } = await pool().query<{ id: number; minutes: number }>(
    `SELECT id, (account_status->>'clockOffsetMinutes')::int AS minutes FROM provider
     WHERE owner_id IS NOT DISTINCT FROM $1::uuid AND account_status ? 'clockOffsetMinutes'`,
    [owner],
  )
  return new Map(rows.map(({ id, minutes }) => [id, minutes]))
}

/** The guide of what an owner's channel names say; made when it is first needed. */
async function requireSource(owner: Owner): Promise<number> {
  const values = [owner]
  await pool().query(
    `INSERT INTO guide_source (owner_id, name, from_names, refresh_hours) VALUES ($1::uuid, 'Names of channels', true, 0)
     ON CONFLICT ((coalesce(owner_id::text, ''))) WHERE from_names DO NOTHING`,
    values,
  )
  const { rows } = await pool().query<{ id: number }>(
    'SELECT id FROM guide_source WHERE from_names AND owner_id IS NOT DISTINCT FROM $1::uuid',
    values,
  )
  const [row] = rows
  if (!row) throw new Error('the guide of names is gone')
  return row.id
}

export interface ItemEvent extends NamedEvent {
  itemId: number
  name: string
}

export interface SavedEvents {
  /** The guide channel of each item. */
  channels: Map<number, number>
  /** Items of which something else is told than before. */
  changed: number[]
}

/** Writes what names say: one programme a channel, in the place of what they said before. */
export async function saveEvents(owner: Owner, events: readonly ItemEvent[]): Promise<SavedEvents> {
  const sourceId = await requireSource(owner)
  const { rows: channels } = await pool().query<{ itemId: number; channelId: number }>(
    `INSERT INTO guide_channel AS c (source_id, xmltv_id, names)
     SELECT $1, 'event.' || n.item_id, ARRAY[n.name] FROM unnest($2::int[], $3::text[]) AS n (item_id, name)
     ON CONFLICT (source_id, xmltv_id) DO UPDATE SET names = EXCLUDED.names
     RETURNING substr(xmltv_id, 7)::int AS "itemId", id AS "channelId"`,
    [sourceId, events.map(({ itemId }) => itemId), events.map(({ name }) => name)],
  )
  const found = new Map(channels.map(({ itemId, channelId }) => [itemId, channelId]))
  const { rows: changed } = await pool().query<{ id: number }>(
    `WITH named AS (SELECT * FROM unnest($1::int[], $2::timestamptz[], $3::timestamptz[], $4::text[]) AS n (id, start, stop, title)),
     gone AS (DELETE FROM programme p USING named n WHERE p.channel_id = n.id AND p.start <> n.start RETURNING n.id),
     written AS (
       INSERT INTO programme AS p (channel_id, start, stop, title) SELECT id, start, stop, title FROM named
       ON CONFLICT (channel_id, start) DO UPDATE SET stop = EXCLUDED.stop, title = EXCLUDED.title
       WHERE (p.stop, p.title) IS DISTINCT FROM (EXCLUDED.stop, EXCLUDED.title) RETURNING p.channel_id AS id)
     SELECT id FROM gone UNION SELECT id FROM written`,
    [
      events.map(({ itemId }) => found.get(itemId)),
      events.map(({ start }) => start),
      events.map(({ stop }) => stop),
      events.map(({ title }) => title),
    ],
  )
  const changedChannels = new Set(changed.map(({ id }) => id))
  return { channels: found, changed: [...found].filter(([, id]) => changedChannels.has(id)).map(([itemId]) => itemId) }
}

/**
 * Takes away what names said that say it no more, and moves the version for caches when `isChanged` or something went. Returns
 * the guide when it is another now. Whoever matches tells of it and follows.
 */
export async function settleEvents(owner: Owner, keptItems: readonly number[], isChanged: boolean): Promise<number | null> {
  const { rows } = await pool().query<{ id: number }>(
    `WITH mine AS (SELECT id FROM guide_source WHERE from_names AND owner_id IS NOT DISTINCT FROM $1::uuid),
     gone AS (DELETE FROM guide_channel c USING mine WHERE c.source_id = mine.id AND c.xmltv_id <> ALL($2::text[]) RETURNING 1)
     UPDATE guide_source g SET version = version + 1, told_version = version + 1, refreshed_at = now() FROM mine
     WHERE g.id = mine.id AND ($3 OR EXISTS (SELECT 1 FROM gone)) RETURNING g.id`,
    [owner, keptItems.map(id => `event.${id}`), isChanged],
  )
  return rows[0]?.id ?? null
}
