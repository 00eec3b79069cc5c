import { expect, test } from 'vitest'
import type { ListedItem } from '@/lib/catalogue'
import { CREDENTIALS_MARK, type PlaylistOptions, renderChannelEntry, renderEpisodeEntry, renderMovieEntry } from './render-m3u'

const options: PlaylistOptions = { origin: 'http://tv.example', plus: true, live: 'ts' }
const item = (name: string, more: Partial<ListedItem> = {}) =>
  ({ id: 7, name, image: null, guideId: null, archiveDays: 0, container: 'mp4', ...more }) as ListedItem

const channel = (name: string, group = 'G', more: Partial<ListedItem> = {}) =>
  renderChannelEntry(item(name, more), { num: 1, group, options })

/** What stands behind the attributes: the text that players show and that spreadsheets put into a cell. */
const shown = (entry: string) => entry.split('\n')[0]?.replace(/^.*",|^#EXTINF:-1,/, '')

test.each([
  [86, '=HYPERLINK("http://evil.invalid")', "'=HYPERLINK('http://evil.invalid')"],
  [86, ' =1+1', "'=1+1"],
  [86, '+41 44 000', "'+41 44 000"],
  [86, '@SUM(A1)', "'@SUM(A1)"],
  [86, '\t=1+1', "'=1+1"],
  [86, 'BBC = News', 'BBC = News'],
  [84, '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  [88, 'A\nhttp://evil.invalid/1.ts', 'A http://evil.invalid/1.ts'],
  [88, 'A\r\n#EXTINF:-1,B\r\nhttp://evil.invalid/1.ts', 'A #EXTINF:-1 B http://evil.invalid/1.ts'],
  [88, 'A\u2028http://evil.invalid', 'A http://evil.invalid'],
  [88, 'A\u0085\u0001/\u0000B', 'A / B'],
  [88, 'A" tvg-logo="http://evil.invalid/x.png', "A' tvg-logo='http://evil.invalid/x.png"],
])('D4-%i: %j is exported as text on one line', (_number, name, expected) => {
  expect(shown(channel(name))).toBe(expected)
  const series = { ...item('x'), seriesName: name, season: 1, episode: 2 } as Parameters<typeof renderEpisodeEntry>[0]
  for (const entry of [
    channel(name),
    channel('Plain', name),
    channel('Plain', 'G', { guideId: name }),
    renderMovieEntry(item(name), 'G', options),
    renderMovieEntry(item(name), 'G', { ...options, plus: false }),
    renderEpisodeEntry(series, 'G', options),
  ]) {
    const lines = entry.replaceAll(CREDENTIALS_MARK, 'USER').split(/[\r\n\u0085\u2028\u2029]/)
    expect([lines.length, lines[2]]).toEqual([3, ''])
    expect(lines[1]).toMatch(/^http:\/\/tv\.example\/(live|movie|series)\/USER\/7\.(ts|mp4)$/)
    expect((lines[0]?.match(/"/g)?.length ?? 0) % 2).toBe(0)
  }
})
