import { expect, test } from 'vitest'
import { sayAnswer } from './answer-name'

test.each([
  ['http://tv.example 3 get_live_streams', 'Channels', '1 source · asked for at http://tv.example'],
  ['http://tv.example 3.7 get_series:12', 'Series, one category', '2 sources · asked for at http://tv.example'],
  ['http://a 3/8.9 m3u:plus:ts:channel+movie', 'Playlist (plus, ts)', '1 source, some bouquets · asked for at http://a'],
  ['http://a 3 guide::', 'Guide', '1 source · asked for at http://a'],
  ['http://a 3 guide:1:7', 'Guide, some days', '1 source · asked for at http://a'],
  ['', 'Kept from before the last start', ''],
  ['something new', 'something new', ''],
])('%s is %s', (key, what, how) => expect(sayAnswer(key)).toEqual({ what, how }))
