import { readFileSync } from 'node:fs'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { toAppError } from '@/lib/kernel/errors'
import { unpackGuide } from './unpack'
import type { XmltvProgramme } from './xmltv-programme'
import { readXmltv } from './xmltv-read'
import { utcClock } from './xmltv-time'

const channel = '<channel id="a.demo"><display-name>A</display-name></channel>\n'
const programme = (title: string, start = '20260101060000 +0000', stop = '20260101070000 +0000') =>
  `<programme start="${start}" stop="${stop}" channel="a.demo"><title>${title}</title></programme>\n`
const tv = (inside: string, before = '') => `<?xml version="1.0" encoding="UTF-8"?>\n${before}<tv>\n${channel}${inside}</tv>\n`
const hours = (count: number) =>
  Array.from({ length: count }, (_, n) => programme(`Hour ${n}`, `202601${String(n + 10)}060000 +0000`, '')).join('')

interface Outcome {
  code: string | null
  say?: string
  titles: string[]
  channels: string[]
  dropped: number
  programmes: XmltvProgramme[]
}

/** Reads as the importer does, in pieces of 1,000 bytes, so that elements are cut anywhere. */
async function read(document: string | Buffer, piece = 1_000, clock = utcClock): Promise<Outcome> {
  const bytes = typeof document === 'string' ? Buffer.from(document) : document
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece)
  }
  const outcome: Outcome = { code: null, titles: [], channels: [], dropped: 0, programmes: [] }
  try {
    for await (const batch of readXmltv(unpackGuide(pieces()), { clock })) {
      outcome.programmes.push(...batch.programmes)
      outcome.channels.push(...batch.channels.map(({ id }) => id))
      outcome.dropped += batch.dropped
      outcome.code = batch.truncated?.code ?? null
    }
  } catch (error) {
    outcome.code = toAppError(error).code
    outcome.say = toAppError(error).say
  }
  outcome.titles = outcome.programmes.map(({ title }) => title)
  return outcome
}

const laughs = `<!DOCTYPE tv [<!ENTITY l0 "lol">${Array.from({ length: 9 }, (_, n) => `\n<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('')}]>\n`
const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
const latin1 = (text: string) => Buffer.from(tv(programme(text)).replace('UTF-8', 'iso-8859-1'), 'latin1')

/** Packed by xz 5.4; its program is not on every machine. */
const packed = (name: string) => readFileSync(new URL(`../../tests/fixtures/${name}.xz`, import.meta.url))

const firstHalf = (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)

describe('the corpus of reliability.md D3', () => {
  test.each<[string, string | Buffer, Partial<Outcome>]>([
    ['53 billion laughs', tv(programme('&l9;'), laughs), { code: 'EPG_INVALID', titles: [] }],
    [
      '54 one entity a hundred times',
      tv(programme('&a;'.repeat(100)), `<!DOCTYPE tv [<!ENTITY a "${'x'.repeat(1_000)}">]>`),
      { code: 'EPG_INVALID', titles: [] },
    ],
    [
      '55 an external entity',
      tv(programme('&leak;'), '<!DOCTYPE tv [<!ENTITY leak SYSTEM "file:///etc/passwd">]>'),
      { code: 'EPG_INVALID', titles: [] },
    ],
    [
      '56 a DTD elsewhere: named, never fetched',
      tv(programme('Yes'), '<!DOCTYPE tv SYSTEM "http://127.0.0.1:9/canary.dtd">'),
      { code: null, titles: ['Yes'] },
    ],
    ['57 a million numeric references', tv(programme('&#65;'.repeat(1_000_000))), { code: 'EPG_LIMIT', titles: [] }],
    ['58 200,000 elements deep', tv('<a>'.repeat(200_000)), { code: 'EPG_LIMIT' }],
    ['58 the same inside of a title', tv(programme('<a>'.repeat(20_000))), { code: 'EPG_LIMIT' }],
    ['59 an attribute of 5 MB', tv(`<programme start="${'1'.repeat(5_000_000)}" channel="a.demo"/>`), { code: 'EPG_LIMIT' }],
    [
      '60 cut in the middle of a tag',
      tv(hours(5)).slice(0, -40),
      { code: 'EPG_TRUNCATED', titles: ['Hour 0', 'Hour 1', 'Hour 2', 'Hour 3'] },
    ],
    [
      '61 a web page',
      '<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>',
      { code: 'EPG_INVALID', say: 'This is not a TV guide we can read (line 1).' },
    ],
    ['62 nothing', '', { code: 'EPG_EMPTY' }],
    ['62 nothing but blanks', ' \n\t\n', { code: 'EPG_EMPTY' }],
    ['63 zero bytes', tv(programme('Ze\0ro')), { code: 'EPG_INVALID', say: 'This is not a TV guide we can read (line 4).' }],
    ['64 UTF-16 with its mark', utf16(tv(programme('Žluťoučký kůň'))), { code: null, titles: ['Žluťoučký kůň'] }],
    ['65 declared ISO-8859-1', latin1('Café à la crème'), { code: null, titles: ['Café à la crème'] }],
    [
      '66 names of HTML without a DTD',
      tv(programme('Caf&eacute; &amp; &unknown; & more')),
      { code: null, titles: ['Café & &unknown; & more'] },
    ],
    [
      '67 ends before it begins',
      tv(programme('No', '20260101070000 +0000', '20260101060000 +0000') + programme('Yes')),
      { code: null, titles: ['Yes'], dropped: 1 },
    ],
    [
      '69 an offset that is none',
      tv(programme('No', '20260101060000 +9999') + programme('Yes')),
      { code: null, titles: ['Yes'], dropped: 1 },
    ],
    [
      '70 the years 9999 and 1900',
      tv(programme('No', '99990101060000 +0000', '') + programme('No', '19000101060000 +0000', '')),
      { code: null, titles: [], dropped: 2 },
    ],
    ['72 a channel twice', tv(channel + programme('Yes')), { code: null, channels: ['a.demo', 'a.demo'], titles: ['Yes'] }],
    ['73 a packed bomb', gzipSync(Buffer.alloc(300_000_000, ' ')), { code: 'DECOMPRESSION_LIMIT', titles: [] }],
    ['74 packed and cut short', gzipSync(tv(hours(5))).subarray(0, -20), { code: 'EPG_TRUNCATED' }],
    ['75 packed twice', gzipSync(gzipSync(tv(programme('Yes')))), { code: null, titles: ['Yes'] }],
    ['75 packed three times', gzipSync(gzipSync(gzipSync(tv(programme('No'))))), { code: 'EPG_INVALID', titles: [] }],
    ['76 plain whatever its name', tv(programme('Yes')), { code: null, titles: ['Yes'] }],
    ['packed with zstd', zstdCompressSync(tv(programme('Yes'))), { code: null, titles: ['Yes'] }],
    ['packed with xz', packed('guide-small.xml'), { code: null, titles: ['Yes'] }],
    ['packed with xz and a gzip around it', gzipSync(packed('guide-small.xml')), { code: null, titles: ['Yes'] }],
    ['packed with xz and cut short', firstHalf(packed('guide-many.xml')), { code: 'EPG_TRUNCATED' }],
    ['an xz bomb', packed('bomb'), { code: 'DECOMPRESSION_LIMIT', titles: [] }],
    [
      'the beginning of an xz and then nonsense',
      Buffer.concat([packed('bomb').subarray(0, 12), Buffer.alloc(500, 7)]),
      { code: 'EPG_INVALID' },
    ],
  ])('%s', { timeout: 20_000 }, async (_name, document, expected) => {
    const began = performance.now()
    expect(await read(document, 65_536)).toMatchObject(expected)
    expect(performance.now() - began).toBeLessThan(10_000)
  })

  test('68 a time without an offset is the wall clock of the provider', async () => {
    const { programmes } = await read(tv(programme('Yes', '20260101060000', '20260101070000')), 100, wall => [wall - 3_600_000])
    expect(programmes[0]).toMatchObject({ start: Date.UTC(2026, 0, 1, 5), stop: Date.UTC(2026, 0, 1, 6) })
  })
})

describe('what guides do all the same', () => {
  test.each<[string, string | Buffer, string[]]>([
    ['interleaved', tv(programme('One') + channel + programme('Two')), ['One', 'Two']],
    ['several documents in a row', tv(programme('One')) + tv(programme('Two')), ['One', 'Two']],
    [
      'attributes of their own',
      tv(
        `<programme start_timestamp="1" start='20260101060000 +0000' catchup-id="5" channel = "a.demo" ><title lang="en">One</title></programme>`,
      ),
      ['One'],
    ],
    ['CDATA with brackets and marks', tv(programme('<![CDATA[A <b> & &amp; ]] B]]>')), ['A <b> & &amp; ]] B']],
    ['tags inside of texts', tv(programme('A <b>bold</b> title')), ['A bold title']],
    ['a bracket that opens nothing', tv(programme('2 < 3')), ['2 < 3']],
    ['comments between and inside', tv(`<!-- <programme> -->${programme('O<!-- x -->ne')}<!-- > -->`), ['One']],
    [
      'a > inside of quotes',
      tv(`<programme start="20260101060000 +0000" channel="a.demo" note="a > b"><title>One</title></programme>`),
      ['One'],
    ],
    ['a missing end tag', tv(`${programme('One').replace('</programme>', '')}${programme('Two')}`), ['One', 'Two']],
    [
      'bytes that are no UTF-8',
      Buffer.concat([
        Buffer.from(tv('').slice(0, -6) + programme('X').split('X')[0]),
        Buffer.from([0xc3, 0x28]),
        Buffer.from('</title></programme></tv>'),
      ]),
      ['\ufffd('],
    ],
    [
      'windows-1252 as many write it',
      Buffer.from(tv(programme('L\x92été')).replace('UTF-8', 'windows-1252'), 'latin1'),
      ['L’été'],
    ],
    ['wrapped and indented texts', tv(programme('\n    Two\n    words\t\n')), ['Two words']],
    ['marks that turn a text around', tv(programme('A\u202eB')), ['A B']],
  ])('%s', async (_name, document, titles) => {
    for (const piece of [7, 1_000, 65_536]) expect(await read(document, piece)).toMatchObject({ code: null, titles })
  })

  test('everything that is told of a programme is read', async () => {
    const whole = `<programme start="20260101060000 +0100" stop="20260101070000 +01:00" channel="a.demo">
      <title lang="en">Morning News</title><title lang="de">Nachrichten</title><sub-title lang="en">Thursday</sub-title>
      <desc lang="en">Text &amp; more.\n\n Second.</desc>
      <credits><director>C</director><actor role="Host">A</actor><unknown>X</unknown></credits><date>20260102</date>
      <category lang="en">News</category><category>News</category><category>Talk</category>
      <icon src="https://img.example/p.jpg?a=1&amp;b=2"/><episode-num system="xmltv_ns">0.4/10.0/2</episode-num>
      <episode-num system="onscreen">S01E05</episode-num><episode-num system="dd_progid">EP1</episode-num>
      <video><quality>HDTV</quality></video><previously-shown/><premiere>First</premiere><new/><live/>
      <rating system="VCHIP"><value>TV-G</value><icon src="x"/></rating><star-rating><value>7/10</value></star-rating>
    </programme>`
    const { programmes } = await read(tv(whole), 50)
    expect(programmes).toEqual([
      {
        channel: 'a.demo',
        start: Date.UTC(2026, 0, 1, 5),
        stop: Date.UTC(2026, 0, 1, 6),
        title: 'Morning News',
        subTitle: 'Thursday',
        description: 'Text & more.\nSecond.',
        categories: ['News', 'Talk'],
        details: {
          language: 'en',
          credits: [
            { role: 'director', name: 'C' },
            { role: 'actor', name: 'A', as: 'Host' },
          ],
          date: '20260102',
          icon: 'https://img.example/p.jpg?a=1&b=2',
          season: 1,
          episode: 5,
          part: 1,
          onscreen: 'S01E05',
          numbers: [{ system: 'dd_progid', value: 'EP1' }],
          isRepeat: true,
          isPremiere: true,
          isNew: true,
          isLive: true,
          ratings: [{ system: 'VCHIP', value: 'TV-G' }],
          stars: '7/10',
        },
      },
    ])
  })
})
