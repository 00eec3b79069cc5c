/** What an item is. Live, movie and series numbers of a provider collide, so identity is provider + kind + provider id. */
export const itemKinds = ['channel', 'movie', 'series', 'episode'] as const
export type ItemKind = (typeof itemKinds)[number]

/** Largest id Xtream clients hold: many keep stream ids in a signed 32-bit integer (protocols.md 2.2). */
export const MAX_ITEM_ID = 2_147_483_647

export function isUuid(value: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value)
}
