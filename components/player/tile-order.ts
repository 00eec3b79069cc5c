/** As many pictures as a screen can show beside each other and still be watched. */
export const MOST_TILES = 4
export const LEAST_TILES = 2

/** The channel as the first tile; the others move on and the last one leaves when there is no room. */
export function placeTile(tiles: readonly number[], itemId: number): number[] {
  return [itemId, ...tiles.filter(id => id !== itemId)].slice(0, MOST_TILES)
}

/** Another channel in this place; where it stands already, the two change places. A place behind the last one is new. */
export function setTile(tiles: readonly number[], at: number, itemId: number): number[] {
  const before = tiles[at]
  const next = tiles.map(id => (id === itemId && before !== undefined ? before : id))
  if (at >= tiles.length) return tiles.includes(itemId) ? [...tiles] : [...tiles, itemId].slice(0, MOST_TILES)
  next[at] = itemId
  return next
}
