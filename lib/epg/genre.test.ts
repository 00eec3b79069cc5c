import { expect, test } from 'vitest'
import { toGenre } from './genre'

test.each([
  [['News'], 'news'],
  [['Sports', 'Sports news'], 'news'],
  [['Football'], 'sport'],
  [['Movie', 'Drama'], 'film'],
  [['Película'], 'film'],
  [['Spielfilm'], 'film'],
  [['Série', 'Drame'], 'series'],
  [['Children’s programmes'], 'children'],
  [['Kids', 'Animation', 'Movie'], 'children'],
  [['Dokumentation'], 'documentary'],
  [['Música'], 'music'],
  [['Game show'], 'show'],
  [['Transport'], null],
  [['filmstrips'], null],
  [['20'], null],
  [[], null],
])('%j is %s', (categories, genre) => {
  expect(toGenre(categories)).toBe(genre)
})
