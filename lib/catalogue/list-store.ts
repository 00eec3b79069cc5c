import 'server-only'
import { pool } from '@/lib/platform/db'
import { inLineUp } from './card-store'
import { type CursorValue, readCursor, writeCursor } from './cursor'
import type { LineUp } from './line-up'
import { fold } from './match-key'
import type { ItemQuery, ItemSort } from './schema'

export interface IdPage {
  ids: number[]
  next: string | null
}

/** Collects values and hands out their placeholders. */
class Values {
  readonly all: unknown[] = []
  add(value: unknown, cast = ''): string {
    this.all.push(value)
    return `$${this.all.length}${cast}`
  }
}

/** How each order of items is written; `key` comes back with the row and goes into the cursor. */
const orders: Record<Exclude<ItemSort, 'provider'>, { key: string; cast: string; value: CursorValue; descending: boolean }> = {
  name: { key: 'i.sort_name', cast: '::text', value: 'text', descending: false },
  added: { key: 'i.added_at', cast: '::timestamptz', value: 'time', descending: true },
  rating: { key: 'coalesce(i.rating, -1)', cast: '::real', value: 'real', descending: true },
  year: { key: 'coalesce(i.year, 0)', cast: '::int', value: 'int', descending: true },
}

/** Ids of one page; the order of channels is the provider's by default, of films and series the newest first. */
export async function listIds(lineUp: LineUp, query: ItemQuery): Promise<IdPage> {
  if (lineUp.ids.length === 0) return { ids: [], next: null }
  const sort = query.sort ?? (query.kind === 'channel' ? 'provider' : 'added')
  return sort === 'provider' ? listByProvider(lineUp, query) : listByOrder(lineUp, query, sort)
}

function filters(query: ItemQuery, lineUp: LineUp, values: Values): string[] {
  // As a literal (the schema allows three words only): a parameter would hide from the planner which partial index fits.
  const found: string[] = [`i.kind = '${query.kind}'`]
  if (query.genre) found.push(`${values.add(query.genre)} = ANY(i.genres)`)
  if (query.yearFrom !== undefined) found.push(`i.year >= ${values.add(query.yearFrom)}`)
  if (query.yearTo !== undefined) found.push(`i.year <= ${values.add(query.yearTo)}`)
  if (query.ratingFrom !== undefined) found.push(`i.rating >= ${values.add(query.ratingFrom, '::real')}`)
  if (query.favourites) {
    found.push(`i.id IN (SELECT item_id FROM favourite WHERE profile_id = ${values.add(lineUp.profileId, '::uuid')})`)
  }
  return found
}

/** Each word of the filter as a piece of the name. */
function textFilter(query: ItemQuery, values: Values): string[] {
  const words = fold(query.text ?? '')
    .split(' ')
    .filter(Boolean)
  return words.map(word => `i.sort_name LIKE ${values.add(`%${word}%`)}`)
}

/**
 * Where the items come from: all of them, or a set that is small against them. A small set is fenced off (OFFSET 0), or
 * the planner would walk all items in their order in hope of meeting enough of the few.
 */
function itemsFrom(query: ItemQuery, values: Values, scope: string[]): string {
  if (query.category !== undefined) {
    const category = values.add(query.category)
    scope.push(...textFilter(query, values))
    return `(SELECT DISTINCT s.item_id FROM source s WHERE s.category_id = ${category} AND s.provider_id = ANY($1::int[]) OFFSET 0) own
      JOIN item i ON i.id = own.item_id`
  }
  scope.push(inLineUp(1))
  const text = textFilter(query, values)
  const isNarrow = fold(query.text ?? '')
    .split(' ')
    .some(word => word.length >= 3)
  if (isNarrow) return `(SELECT * FROM item i WHERE i.kind = '${query.kind}' AND ${text.join(' AND ')} OFFSET 0) i`
  scope.push(...text)
  return 'item i'
}

/** Item by item in an order of its own: one index scan an owner, so that one tenant's size does not slow another. */
async function listByOrder(lineUp: LineUp, query: ItemQuery, sort: Exclude<ItemSort, 'provider'>): Promise<IdPage> {
  const { key, cast, value, descending } = orders[sort]
  const values = new Values()
  values.add(lineUp.ids)
  const where = filters(query, lineUp, values)
  const from = itemsFrom(query, values, where)
  if (query.from && sort === 'name') where.push(`i.sort_name >= ${values.add(fold(query.from))}`)
  const after = readCursor(query.cursor, sort, [value, 'int'])
  const [sign, direction] = descending ? ['<', 'DESC'] : ['>', 'ASC']
  if (after) where.push(`(${key}, i.id) ${sign} (${values.add(after[0], cast)}, ${values.add(after[1], '::int')})`)
  const limit = query.limit + 1
  const scan = (owner: string) =>
    `(SELECT i.id, ${key} AS key FROM ${from} WHERE ${owner} AND ${where.join(' AND ')}
      ORDER BY ${key} ${direction}, i.id ${direction} LIMIT ${limit})`
  const scans = lineUp.owners.map(owner =>
    scan(owner === null ? 'i.owner_id IS NULL' : `i.owner_id = ${values.add(owner, '::uuid')}`),
  )
  const { rows } = await pool().query<{ id: number; key: string | number | Date }>(
    `SELECT id, key FROM (${scans.join(' UNION ALL ')}) found ORDER BY key ${direction}, id ${direction} LIMIT ${limit}`,
    values.all,
  )
  return toPage(rows, query.limit, ({ id, key }) => writeCursor(sort, [key instanceof Date ? key.toISOString() : key, id]))
}

/** In the provider's own order; an item with several sources stands where its first one does. */
async function listByProvider(lineUp: LineUp, query: ItemQuery): Promise<IdPage> {
  const values = new Values()
  const ids = values.add(lineUp.ids)
  const where = [...filters(query, lineUp, values), ...textFilter(query, values)]
  const category = query.category === undefined ? '' : values.add(query.category)
  const own = (s: string) =>
    `${s}.provider_id = ANY(${ids}) AND ${s}.kind = '${query.kind}'${category ? ` AND ${s}.category_id = ${category}` : ''}`
  const scope = own('s')
  const after = readCursor(query.cursor, 'provider', ['int', 'int', 'int'])
  if (after) {
    const [provider, position, id] = after.map(value => values.add(value, '::int'))
    where.push(`(s.provider_id, s.position, s.id) > (${provider}, ${position}, ${id})`)
  }
  const { rows } = await pool().query<{ id: number; provider: number; position: number; source: number }>(
    `SELECT s.item_id AS id, s.provider_id AS provider, s.position, s.id AS source
     FROM source s JOIN item i ON i.id = s.item_id
     WHERE ${scope} AND ${where.join(' AND ')}
       AND NOT EXISTS (SELECT 1 FROM source o WHERE o.item_id = s.item_id AND ${own('o')}
         AND (o.provider_id, o.position, o.id) < (s.provider_id, s.position, s.id))
     ORDER BY s.provider_id, s.position, s.id LIMIT ${query.limit + 1}`,
    values.all,
  )
  return toPage(rows, query.limit, row => writeCursor('provider', [row.provider, row.position, row.source]))
}

function toPage<Row extends { id: number }>(rows: readonly Row[], limit: number, cursorOf: (row: Row) => string): IdPage {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { ids: page.map(({ id }) => id), next: rows.length > limit && last ? cursorOf(last) : null }
}
