import { describe, expect, test } from 'vitest'
import { toDate, toFlag, toNumber, toParts, toPictureUrl, toRating, toSeconds, toText, toTexts, toYear } from './coerce'

describe('values as panels send them', () => {
  test.each([
    [5, 5],
    ['5', 5],
    ['7,5', 7.5],
    ['', null],
    ['N/A', null],
    [null, null],
    [Number.NaN, null],
    [true, 1],
  ])('D4-93 number %j', (value, expected) => expect(toNumber(value)).toBe(expected))

  test.each([
    ['None', false],
    ['1', true],
    [1, true],
    [true, true],
    ['0', false],
    [null, false],
  ])('D4-93 flag %j', (value, expected) => expect(toFlag(value)).toBe(expected))

  test.each([
    ['Tom &amp; Jerry', 'Tom & Jerry'],
    ['&#x26;amp;', '&amp;'],
    ['  News  ', 'News'],
    [null, null],
    ['None', null],
    ['\u202eevil', 'evil'],
    ['<img src=x>', '<img src=x>'],
    [42, '42'],
  ])('text %j', (value, expected) => expect(toText(value)).toBe(expected))

  test('D4-85: a name of 10 kB is cut', () => expect(toText('long '.repeat(2_000))?.length).toBeLessThanOrEqual(256))

  test.each([
    ['1700000000', '2023-11-14T22:13:20.000Z'],
    [1_700_000_000_000, '2023-11-14T22:13:20.000Z'],
    ['2024-05-01', '2024-05-01T00:00:00.000Z'],
    ['2024-05-01 10:00:00', '2024-05-01T10:00:00.000Z'],
    ['', null],
    ['0', null],
    ['-5', null],
    ['Unlimited', null],
  ])('date %j', (value, expected) => expect(toDate(value)?.toISOString() ?? null).toBe(expected))

  test('years, ratings, lists, lengths and pictures', () => {
    expect([toYear('2024-05-01'), toYear(2024), toYear('(1999)'), toYear('')]).toEqual([2024, 2024, 1999, null])
    expect([toRating('7.9'), toRating('N/A'), toRating('7,5'), toRating(0)]).toEqual([7.9, null, 7.5, null])
    expect(toTexts('["a","b"]')).toEqual(['a', 'b'])
    expect(toTexts([''])).toEqual([])
    expect(toParts('Drama, Crime / Drama')).toEqual(['Drama', 'Crime'])
    expect([toSeconds(0, '01:41:00'), toSeconds('6060', ''), toSeconds(null, '0', '101')]).toEqual([6060, 6060, 6060])
    expect([toPictureUrl('javascript:alert(1)'), toPictureUrl('http://i.example/a b.png')]).toEqual([
      null,
      'http://i.example/a%20b.png',
    ])
  })
})
