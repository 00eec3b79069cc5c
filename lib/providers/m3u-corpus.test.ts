import { describe, expect, test } from 'vitest'
import { type M3uEntry, playlistLimits, readM3u } from './m3u'

type Text = string | AsyncIterable<Buffer | string>

async function* once(text: string): AsyncGenerator<string> {
  yield text
}

async function read(text: Text, limits = playlistLimits) {
  const entries: M3uEntry[] = []
  let dropped = 0
  let code: string | null = null
  let isHeaded = false
  try {
    for await (const batch of readM3u(typeof text === 'string' ? once(text) : text, limits)) {
      entries.push(...batch.entries)
      dropped += batch.dropped
      ;({ isHeaded } = batch)
    }
  } catch (error) {
    code = (error as { code: string }).code
  }
  return { names: entries.map(entry => entry.name), entries, dropped, code, isHeaded }
}

/** `#EXTM3U` and one entry that is good, so that what is skipped stands beside what is kept. */
const beside = (lines: string) => `#EXTM3U\n${lines}\n#EXTINF:-1,Good\nhttp://h/good.ts\n`
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0x10, 0x4a, 0x46, 0x49, 0x46, 0, 1]).toString('latin1')

// reliability.md D4, number by number; what becomes of names and pictures afterwards: tests/integration/provider-corpus.test.ts.
describe('D4: playlists', () => {
  test.each<[number, string, string, string[], number, string | null]>([
    [77, 'entries without #EXTM3U', '#EXTINF:-1,A\nhttp://h/1\n#EXTINF:-1,B\nhttp://h/2\n', ['A', 'B'], 0, null],
    [77, 'bare addresses', 'http://h/one.ts\nhttp://h/two.ts\n', ['one', 'two'], 0, null],
    [78, 'binary JPEG', jpeg, [], 0, 'PLAYLIST_INVALID'],
    [80, '#EXTINF without address', beside('#EXTINF:-1,None'), ['Good'], 1, null],
    [80, '#EXTINF without address at the end', `${beside('')}#EXTINF:-1,None`, ['Good'], 1, null],
    [81, 'unclosed quote', beside('#EXTINF:-1 tvg-name="a group-title="G",B\nhttp://h/1'), ['B', 'Good'], 0, null],
    [82, 'a local file', beside('#EXTINF:-1,File\n/etc/passwd'), ['Good'], 1, null],
    [82, 'a file by scheme', beside('#EXTINF:-1,File\nfile:///etc/passwd'), ['Good'], 1, null],
    [83, 'rtsp', beside('#EXTINF:-1,Cam\nrtsp://h/1'), ['Good'], 1, null],
    [83, 'udp', beside('#EXTINF:-1,Cast\nudp://@239.0.0.1:1234'), ['Good'], 1, null],
    [
      84,
      'markup',
      beside('#EXTINF:-1,<img src=x onerror=alert(1)>\nhttp://h/1'),
      ['<img src=x onerror=alert(1)>', 'Good'],
      0,
      null,
    ],
  ])('D4-%i %s', async (_number, _name, text, names, dropped, code) => {
    expect(await read(text)).toMatchObject({ names, dropped, code })
  })

  test.each<[boolean, string]>([
    [false, '#EXTINF:-1,A\nhttp://h/1\n'],
    [false, 'http://h/one.ts\n'],
    [true, beside('')],
    [true, '\ufeff#EXTM3U url-tvg="http://h/guide"\nhttp://h/one.ts\n'],
  ])('D4-77: whether it says that it is a playlist is told (%s)', async (isHeaded, text) => {
    expect(await read(text)).toMatchObject({ isHeaded, code: null })
  })

  test('D4-79: a single line of 50 MB is passed over in little memory, alone it is no playlist', async () => {
    const piece = Buffer.alloc(65_536, 'x')
    async function* line(head: string, tail: string): AsyncGenerator<Buffer | string> {
      if (head) yield head
      for (let n = 0; n < 800; n++) yield piece
      if (tail) yield tail
    }
    const before = process.memoryUsage().rss
    expect((await read(line('', ''))).code).toBe('PLAYLIST_INVALID')
    expect(await read(line('#EXTM3U\n', '\n#EXTINF:-1,A\nhttp://h/1\n'))).toMatchObject({ names: ['A'], dropped: 1 })
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000)
  })

  test('D4-90: a list of more than 2,000,000 entries ends with CATALOGUE_LIMIT, after what came before', async () => {
    expect(playlistLimits.maxEntries).toBe(2_000_000)
    let written = 0
    async function* endless(): AsyncGenerator<string> {
      for (;;) yield `http://h/${written++}\n`.repeat(100)
    }
    const limits = { ...playlistLimits, maxEntries: 2_000 }
    expect(await read(endless(), limits)).toMatchObject({ code: 'CATALOGUE_LIMIT' })
    expect(written).toBeLessThan(30)
  })
})
