import 'server-only'
import type { ItemKind } from '@/lib/kernel/ids'
import { pool } from '@/lib/platform/db'
import { inLineUp } from './card-store'
import type { LineUp } from './line-up'

/** Candidates a kind that are ranked, and hits that are shown. */
const CANDIDATES = 240
const SHOWN = 24

export interface Hit {
  id: number
  kind: ItemKind
}

const kinds = ['channel', 'movie', 'series', 'episode'] as const

/** Every word as its alternatives: the word itself, or what it may have been meant to be. */
export type Wanted = readonly (readonly string[])[]

const literal = (text: string) => text.replace(/[\\%_]/g, '\\$&')

/**
 * Items whose names hold every wanted word, best first a kind: the whole name, names that begin so, names with a word
 * that begins so, then the short ones. Candidates come from the start of the name (ordered index) and from anywhere in
 * it (trigram index), each with an end, so that a word that half the catalogue shares costs no more than a rare one.
 */
export async function findByWords(lineUp: LineUp, phrase: string, wanted: Wanted): Promise<Hit[]> {
  const values: unknown[] = [lineUp.ids, phrase, `${literal(phrase)}%`, `% ${literal(phrase)}%`]
  const add = (value: unknown) => `$${values.push(value)}`
  // Below three letters the trigram index knows nothing: such a word only narrows what others found.
  const word = (text: string) =>
    text.length < 3 ? `(' ' || i.sort_name) LIKE ${add(`% ${literal(text)}%`)}` : `i.sort_name LIKE ${add(`%${literal(text)}%`)}`
  const isIndexed = wanted.some(alternatives => alternatives.every(text => text.length >= 3))
  const all = isIndexed ? wanted.map(alternatives => `(${alternatives.map(word).join(' OR ')})`).join(' AND ') : ''
  const scans = lineUp.owners.flatMap(owner => {
    const mine = owner === null ? 'i.owner_id IS NULL' : `i.owner_id = ${add(owner)}::uuid`
    return kinds.flatMap(kind => {
      const base = `SELECT i.id, i.kind, i.sort_name FROM item i WHERE ${mine} AND i.kind = '${kind}'`
      const prefix = `(${base} AND i.sort_name >= $2 AND i.sort_name LIKE $3 AND ${inLineUp(1)} ORDER BY i.sort_name, i.id LIMIT ${SHOWN})`
      // The fence keeps the limit from the planner, which would walk the table in hope of an early end instead of asking the
      // trigram index; what runs still stops at the limit.
      const inside = `(WITH c AS MATERIALIZED (${base} AND ${all}) SELECT * FROM c WHERE ${inLineUp(1, 'c')} LIMIT ${CANDIDATES})`
      return isIndexed ? [prefix, inside] : [prefix]
    })
  })
  const { rows } = await pool().query<Hit>(
    `SELECT id, kind FROM (
       SELECT id, kind, row_number() OVER (PARTITION BY kind ORDER BY sort_name = $2 DESC, sort_name LIKE $3 DESC,
         sort_name LIKE $4 DESC, length(sort_name), sort_name, id) AS rank
       FROM (${scans.join(' UNION ')}) found) ranked
     WHERE rank <= ${SHOWN} ORDER BY rank`,
    values,
  )
  return rows
}

/**
 * Words of the catalogue that a mistyped one may have been meant to be, nearest first, at most `limit` each. Swapped and
 * doubled letters are looked up as such: they leave a short word too few trigrams in common with what was meant.
 */
export async function findNearWords(words: readonly string[], limit: number): Promise<Map<string, string[]>> {
  const slips = words.flatMap(word => slipsOf(word).map(slip => ({ word, slip })))
  const { rows } = await pool().query<{ typed: string; word: string }>(
    `SELECT typed, near.word FROM unnest($1::text[]) AS typed CROSS JOIN LATERAL (
       SELECT w.word FROM search_word w WHERE w.word % typed AND abs(length(w.word) - length(typed)) <= 3
       ORDER BY similarity(w.word, typed) DESC, w.word LIMIT ${limit}) near
     UNION ALL
     SELECT slip.typed, w.word FROM unnest($2::text[], $3::text[]) AS slip (typed, meant) JOIN search_word w ON w.word = slip.meant`,
    [words, slips.map(({ word }) => word), slips.map(({ slip }) => slip)],
  )
  const near = new Map<string, string[]>(words.map(word => [word, []]))
  for (const { typed, word } of rows) near.get(typed)?.push(word)
  return near
}

/**
 * Those of `words` that stand in a name of the line-up. The vocabulary is everybody's: without this, what another account
 * imported would fill the places of what this one can find.
 */
export async function findUsedWords(lineUp: LineUp, words: readonly string[]): Promise<Set<string>> {
  if (words.length === 0) return new Set()
  const values: unknown[] = [lineUp.ids, words]
  const add = (value: unknown) => `$${values.push(value)}`
  const any = words.map(word => `i.sort_name LIKE ${add(`%${literal(word)}%`)}`).join(' OR ')
  const scans = lineUp.owners.flatMap(owner => {
    const mine = owner === null ? 'i.owner_id IS NULL' : `i.owner_id = ${add(owner)}::uuid`
    return kinds.map(
      kind => `(WITH c AS MATERIALIZED (SELECT i.id, i.sort_name FROM item i WHERE ${mine} AND i.kind = '${kind}' AND (${any}))
        SELECT word FROM c CROSS JOIN LATERAL unnest(string_to_array(c.sort_name, ' ')) AS word
        WHERE word = ANY($2::text[]) AND ${inLineUp(1, 'c')})`,
    )
  })
  const { rows } = await pool().query<{ word: string }>(scans.join(' UNION '), values)
  return new Set(rows.map(({ word }) => word))
}

/** The word with each pair of neighbours swapped, and with each letter left out. */
function slipsOf(word: string): string[] {
  const found = new Set<string>()
  for (let at = 0; at < word.length; at++) {
    found.add(word.slice(0, at) + word.slice(at + 1))
    if (at > 0) found.add(word.slice(0, at - 1) + word[at] + word[at - 1] + word.slice(at + 1))
  }
  found.delete(word)
  return [...found]
}
