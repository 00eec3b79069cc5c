import { describe, expect, test } from 'vitest'
import { playlistCatchUpUrls, readCatchUpRule } from './playlist-catch-up'

const start = Date.UTC(2026, 0, 1, 6)
const stretch = { start, stop: start + 3_600_000, now: start + 7_200_000 }
const epoch = start / 1_000
const urls = (live: string, attributes: Record<string, string>) => {
  const rule = readCatchUpRule(attributes)
  return rule === null ? null : playlistCatchUpUrls(live, rule, stretch)
}

describe('the ways of playlists to an archive (protocols.md 4.5)', () => {
  test.each<[string, string, Record<string, string>, string[] | null]>([
    ['nothing said', 'http://p/1.ts', { 'tvg-id': 'x' }, null],
    ['days only', 'http://p/1.ts', { timeshift: '7' }, [`http://p/1.ts?utc=${epoch}&lutc=${epoch + 7_200}`]],
    ['tvg-rec, with a query', 'http://p/1.ts?t=2', { 'tvg-rec': '7' }, [`http://p/1.ts?t=2&utc=${epoch}&lutc=${epoch + 7_200}`]],
    [
      'default, our own list',
      'http://p/1.ts',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a mark of such addresses
      { catchup: 'default', 'catchup-source': 'http://p/timeshift/u/p/{duration:60}/${start}/1.ts' },
      [`http://p/timeshift/u/p/60/${epoch}/1.ts`],
    ],
    [
      'default without a mode, in fields',
      'http://p/1.ts',
      { 'catchup-source': 'http://p/a/{Y}-{m}-{d}:{H}-{M}-{S}/{utcend}/{offset:60}.ts' },
      [`http://p/a/2026-01-01:06-00-00/${epoch + 3_600}/120.ts`],
    ],
    [
      'default, relative',
      'http://p/1.ts',
      { catchup: 'default', 'catchup-source': '?s={utc:YmdHM}' },
      ['http://p/1.ts?s=202601010600'],
    ],
    [
      'append',
      'http://p/1.ts',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a mark of such addresses
      { catchup: 'append', 'catchup-source': '?b=${(b)yyyyMMddHHmmss}&e=${(e)HH}' },
      ['http://p/1.ts?b=20260101060000&e=07'],
    ],
    [
      'xc',
      'http://p:80/live/u/p/77.m3u8',
      { catchup: 'xc', 'catchup-days': '3' },
      [
        `http://p:80/timeshift/u/p/60/${epoch}/77.ts`,
        'http://p:80/timeshift/u/p/60/2026-01-01:06-00/77.ts',
        `http://p:80/timeshift/u/p/60/${epoch}/77.m3u8`,
      ],
    ],
    [
      'xc, short form',
      'http://p/u/p/77.ts',
      { 'catchup-type': 'XC' },
      [`http://p/timeshift/u/p/60/${epoch}/77.ts`, 'http://p/timeshift/u/p/60/2026-01-01:06-00/77.ts'],
    ],
    [
      'flussonic',
      'http://p/one/mpegts?token=t',
      { catchup: 'flussonic' },
      [`http://p/one/archive-${epoch}-3600.ts?token=t`, `http://p/one/timeshift_abs-${epoch}.ts?token=t`],
    ],
    [
      'flussonic from HLS',
      'http://p/one/index.m3u8',
      { catchup: 'fs' },
      [
        `http://p/one/archive-${epoch}-3600.ts`,
        `http://p/one/index-${epoch}-3600.m3u8`,
        `http://p/one/timeshift_abs-${epoch}.ts`,
      ],
    ],
    [
      'corrected by an hour',
      'http://p/1.ts',
      { catchup: 'shift', 'catchup-correction': '1' },
      [`http://p/1.ts?utc=${epoch - 3_600}&lutc=${epoch + 7_200}`],
    ],
    ['an archive as HLS', 'http://p/1.m3u8', { timeshift: '3' }, [`http://p/1.m3u8?utc=${epoch}&lutc=${epoch + 7_200}`]],
    ['by the id of a programme', 'http://p/1.ts', { catchup: 'vod', 'catchup-source': 'http://p/{catchup-id}.ts' }, []],
    ['no web address', 'http://p/1.ts', { catchup: 'vod', 'catchup-source': 'file:///etc/passwd' }, []],
    ['an unknown mode', 'http://p/1.ts', { catchup: 'magic', 'catchup-source': 'http://p/{utc}.ts' }, [`http://p/${epoch}.ts`]],
  ])('%s', (_name, live, attributes, expected) => {
    expect(urls(live, attributes)).toEqual(expected)
  })
})
