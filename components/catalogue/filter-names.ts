/** Names in the address bar, and what the API calls them. */
export const wire = {
  category: 'category',
  source: 'provider',
  genre: 'genre',
  yearFrom: 'yearFrom',
  yearTo: 'yearTo',
  rating: 'ratingFrom',
  favourites: 'favourites',
  text: 'text',
  from: 'from',
  sort: 'sort',
} as const

export type FilterName = keyof typeof wire

export const filterNames = Object.keys(wire) as FilterName[]
