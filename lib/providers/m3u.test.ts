import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type M3uEntry, readM3u } from './m3u'
import { parseExtInf } from './m3u-line'

async function* pieces(text: string | Buffer, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(text: string | Buffer, size = 11) {
  const entries: M3uEntry[] = []
  let dropped = 0
  let guideUrls: string[] = []
  for await (const batch of readM3u(pieces(text, size))) {
    entries.push(...batch.entries)
    dropped += batch.dropped
    guideUrls = batch.header.guideUrls
  }
  return { entries, dropped, guideUrls }
}

const names = (result: { entries: M3uEntry[] }) => result.entries.map(entry => entry.name)

describe('the line before an address', () => {
  test.each([
    ['-1 tvg-id="a" group-title="UK, News",Foo, Bar', 'Foo, Bar', { 'tvg-id': 'a', 'group-title': 'UK, News' }],
    ["0 TVG-ID='a' group-title=Odd,Name", 'Name', { 'tvg-id': 'a', 'group-title': 'Odd' }],
    ['-1 tvg-name="never closed group-title="Odd",Unclosed', 'Unclosed', { 'tvg-name': 'never closed', 'group-title': 'Odd' }],
    ['-1,Name tvg-id="a" group-title="G"', 'Name', { 'tvg-id': 'a', 'group-title': 'G' }],
    ['-1 tvg-id="" tvg-name="Shown",', null, { 'tvg-name': 'Shown' }],
    ['12.5 tvg-logo="http://h/?a=b&c=d" tvg-id="x",Name', 'Name', { 'tvg-logo': 'http://h/?a=b&c=d', 'tvg-id': 'x' }],
    [',Only a name', 'Only a name', {}],
    ['-1 group-title="Odd",=HYPERLINK("http://evil.invalid")', '=HYPERLINK("http://evil.invalid")', { 'group-title': 'Odd' }],
    ['-1 constructor="x" __proto__="y",Name', 'Name', expect.objectContaining({ constructor: 'x' })],
  ])('%s', (text, name, attributes) => {
    expect({ ...parseExtInf(text), attributes: { ...parseExtInf(text).attributes } }).toEqual({ name, attributes })
  })
})

describe('a playlist', () => {
  test('with a mark at its start, both line ends, lower case and an entry before the header', async () => {
    const text =
      '\ufeff#EXTINF:-1,First\nhttp://h/1\r\n#EXTM3U url-tvg="http://h/x.xml,http://h/y.xml"\r\n\r\n#extinf:0,Second\r\nhttp://h/2\r\n'
    const result = await read(text)
    expect(names(result)).toEqual(['First', 'Second'])
    expect(result.guideUrls).toEqual(['http://h/x.xml', 'http://h/y.xml'])
  })

  test('keeps what belongs to an entry and forgets it after', async () => {
    const { entries } = await read(
      '#EXTM3U\n#EXTINF:-1,A\n#EXTVLCOPT:http-user-agent=VLC/3\n#EXTVLCOPT--http-referrer=http://r/\n#EXTGRP:News\n#KODIPROP:x=y\nhttp://h/a|User-Agent=Demo%2F1.0&X-Token=a+b\n#EXTINF:-1 group-title="Own",B\nhttp://h/b\n',
    )
    expect(entries[0]).toMatchObject({
      url: 'http://h/a',
      group: 'News',
      headers: { 'user-agent': 'Demo/1.0', referer: 'http://r/', 'x-token': 'a+b' },
    })
    expect(entries[1]).toMatchObject({ group: 'Own', headers: {} })
  })

  test('drops and counts what no browser can play, and keeps the rest', async () => {
    const result = await read(
      '#EXTM3U\n#EXTINF:-1,No address\n#EXTINF:-1,File\n/etc/passwd\n#EXTINF:-1,Cast\nudp://@239.0.0.1:1234\n#EXTINF:-1,Cam\nrtsp://c/1\n#EXTINF:-1,Good\nhttp://h/1\nhttp://h/name-only.ts\n#EXTINF:-1,Last without address',
    )
    expect(names(result)).toEqual(['Good', 'name-only'])
    expect(result.dropped).toBe(5)
  })

  test('passes over a line without end and over binary bytes', async () => {
    const text = Buffer.concat([
      Buffer.from('#EXTM3U\n#EXTINF:-1,A\nhttp://h/a\n#EXTINF:-1,'),
      Buffer.alloc(3_000_000, 'x'),
      Buffer.from('\n#EXTINF:-1,B\nhttp://h/b\n'),
      Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0x10, 0x0a]),
    ])
    expect(names(await read(text, 65_536))).toEqual(['A', 'B'])
  })

  test.each([
    ['#EXTM3U\n#EXT-X-TARGETDURATION:6\nseg1.ts'],
    ['#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow.m3u8'],
    ['<html><body>hello</body></html>'],
    [Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0x10])],
    [''],
  ])('is not %j', async text => {
    await expect(read(text)).rejects.toMatchObject({ code: 'PLAYLIST_INVALID' })
  })

  test('an empty list is a list', async () => {
    expect(await read('#EXTM3U\n')).toMatchObject({ entries: [], dropped: 0 })
  })

  test('a broken header value cannot add a header', async () => {
    const { entries } = await read('#EXTM3U\n#EXTINF:-1,A\nhttp://h/a|User-Agent=x%0d%0aHost:%20evil\n')
    expect(entries[0]?.headers).toEqual({})
  })

  test('reads the same wherever the bytes are cut', async () => {
    const text = '#EXTM3U\r\n#EXTINF:-1 tvg-id="ä" group-title="Ünï",Näme ✓\r\nhttp://h/1\r\n#EXTINF:-1,Zwei\r\nhttp://h/2\r\n'
    const whole = await read(text, 10_000)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), async size => {
        expect(await read(text, size)).toEqual(whole)
      }),
    )
  })

  test('any text ends in entries or PLAYLIST_INVALID', async () => {
    const line = fc.oneof(fc.string(), fc.constantFrom('#EXTINF:-1 a="b', '#EXTM3U', 'http://h/1', '#EXTINF:', '|', '#EXTGRP:'))
    await fc.assert(
      fc.asyncProperty(fc.array(line), async lines => {
        const outcome = await read(lines.join('\n')).catch((error: { code: string }) => error.code)
        expect(typeof outcome === 'object' || outcome === 'PLAYLIST_INVALID').toBe(true)
      }),
    )
  })
})
