import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fold, splitYear, toMatchKey, toSortName } from './match-key'

test.each([
  ['The Night Pool', 'night pool'],
  ['Amélie: Le Fabuleux Destin', 'amelie le fabuleux destin'],
  ['Ødegård & Straße', 'odegard strasse'],
  ['A', 'a'],
  ['Новости 24', 'новости 24'],
  ['#####', '#####'],
])('%s is ordered as %s', (name, expected) => expect(toSortName(name)).toBe(expected))

describe('the same thing at two providers', () => {
  test.each([
    ['channel', 'Meridian News HD', 'EN: Meridian News FHD'],
    ['channel', 'UK | BBC One', 'BBC One 4K HEVC'],
    ['channel', '|FR| Télé Été', 'Tele Ete HD'],
    ['movie', 'The Long Road (2019)', 'EN - Long Road [2019] 4K'],
  ] as const)('%s %s = %s', (kind, a, b) => expect(toMatchKey(kind, a, null)).toBe(toMatchKey(kind, b, null)))

  test('different things stay apart', () => {
    expect(toMatchKey('movie', 'Dune', 1984)).not.toBe(toMatchKey('movie', 'Dune', 2021))
    expect(toMatchKey('channel', 'BBC One', null)).not.toBe(toMatchKey('channel', 'BBC Two', null))
    expect(toMatchKey('channel', 'HD', null)).toBe('hd')
    expect(splitYear('1984')).toEqual({ title: '1984', year: null })
  })
})

test('folding is stable and leaves no blanks at the ends', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), text => {
      const once = fold(text)
      expect(once).toBe(once.trim())
      expect(once).not.toMatch(/ {2}/)
    }),
  )
})
