import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { WrittenProgramme } from './write-xmltv'
import { escapeXml, xmltvChannel, xmltvFooter, xmltvHeader, xmltvProgramme } from './write-xmltv'
import { readXmltv } from './xmltv-read'

const bare: WrittenProgramme = {
  channel: 'news.demo',
  start: new Date('2026-01-01T06:00:00Z'),
  stop: new Date('2026-01-01T07:00:00Z'),
  title: 'Morning "News" & <more>',
  subTitle: null,
  description: null,
  categories: [],
  details: null,
}

test('a document has the shape of the DTD', () => {
  const whole: WrittenProgramme = {
    ...bare,
    subTitle: 'Thursday',
    description: 'Te\u0001xt\ud800.',
    categories: ['News', 'Talk'],
    details: {
      language: 'en',
      credits: [
        { role: 'actor', name: 'A', as: 'Host' },
        { role: 'director', name: 'C' },
      ],
      date: '2026',
      season: 1,
      episode: 5,
      numbers: [{ system: 'dd_progid', value: 'EP1' }],
      icon: 'https://img.example/p.jpg?a=1&b=2',
      isNew: true,
      isRepeat: true,
      isPremiere: true,
      isLive: true,
      ratings: [{ system: 'VCHIP', value: 'TV-G' }],
      stars: '7/10',
    },
  }
  const text = [
    xmltvHeader('Demo'),
    xmltvChannel({ id: 'news.demo', names: ['Demo News HD'], icon: 'https://img.example/n.png' }),
    xmltvChannel({ id: 'bare.demo', names: [], icon: null }),
    xmltvProgramme(bare),
    xmltvProgramme(whole),
    xmltvFooter,
  ].join('')
  expect(text).toBe(
    `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tv SYSTEM "xmltv.dtd">
<tv generator-info-name="Demo">
<channel id="news.demo"><display-name>Demo News HD</display-name><icon src="https://img.example/n.png"/></channel>
<channel id="bare.demo"><display-name>bare.demo</display-name></channel>
<programme start="20260101060000 +0000" stop="20260101070000 +0000" channel="news.demo"><title>Morning &quot;News&quot; &amp; &lt;more&gt;</title></programme>
<programme start="20260101060000 +0000" stop="20260101070000 +0000" channel="news.demo"><title lang="en">Morning &quot;News&quot; &amp; &lt;more&gt;</title><sub-title lang="en">Thursday</sub-title><desc lang="en">Text\ufffd.</desc><credits><director>C</director><actor role="Host">A</actor></credits><date>2026</date><category lang="en">News</category><category lang="en">Talk</category><icon src="https://img.example/p.jpg?a=1&amp;b=2"/><episode-num system="xmltv_ns">0.4.</episode-num><episode-num system="onscreen">S01E05</episode-num><episode-num system="dd_progid">EP1</episode-num><previously-shown/><premiere/><new/><rating system="VCHIP"><value>TV-G</value></rating><star-rating><value>7/10</value></star-rating></programme>
</tv>
`,
  )
})

test('whatever a text holds, the document stays one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must not be left
      expect(escapeXml(text)).not.toMatch(/[<>"\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|&(?!amp;|lt;|gt;|quot;)/)
    }),
  )
})

test('what is written is read back', async () => {
  const words = fc.string({ minLength: 1, maxLength: 80 }).filter(text => text.trim() === text && /^[\x20-\x7e]+$/.test(text))
  await fc.assert(
    fc.asyncProperty(words, words, async (title, description) => {
      const programme = { ...bare, title, description }
      const text = xmltvHeader('x') + xmltvProgramme(programme) + xmltvFooter
      const found = []
      for await (const batch of readXmltv(oneByOne(Buffer.from(text)))) found.push(...batch.programmes)
      expect(found).toMatchObject([{ title, description, start: bare.start.getTime(), stop: bare.stop.getTime() }])
    }),
    { numRuns: 50 },
  )
})

async function* oneByOne(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}
