import { gzipSync } from 'node:zlib'
import type { OddGuide } from './scenarios.ts'

const programme = (start: string, stop: string, title: string) =>
  `<programme start="${start}" stop="${stop}" channel="meridiannewshd.demo"><title>${title}</title></programme>\n`
const channel = '<channel id="meridiannewshd.demo"><display-name>Meridian News HD</display-name></channel>\n'

function stamp(hoursFromNow: number, offset: string): string {
  const hour = new Date(Math.floor(Date.now() / 3_600_000 + hoursFromNow) * 3_600_000)
  return hour.toISOString().replace(/\D/g, '').slice(0, 14) + offset
}

const hourly = (offset: string) =>
  Array.from({ length: 6 }, (_, i) => programme(stamp(i, offset), stamp(i + 1, offset), `Hour ${i + 1}`)).join('')
const tv = (inside: string, before = '') => `<?xml version="1.0" encoding="UTF-8"?>\n${before}<tv>\n${inside}</tv>\n`

/** Each entity is ten of the one before: a billion words for a kilobyte. */
function laughs(): string {
  const lines = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`)
  return `<!DOCTYPE tv [<!ENTITY l0 "lol">${lines.join('')}]>\n`
}

const bad = [
  programme('20260101100000 +0000', '20260101090000 +0000', 'Ends before it starts'),
  programme('20260101100000 +9999', '20260101110000 +9999', 'Impossible zone'),
  programme('99990101100000 +0000', '99990101110000 +0000', 'Year 9999'),
  programme('19000101100000 +0000', '19000101110000 +0000', 'Year 1900'),
].join('')

const texts: Record<Exclude<OddGuide, 'latin1' | 'gz-bomb' | 'gz-cut'>, () => string> = {
  entities: () => tv(`${channel}${programme(stamp(0, ' +0000'), stamp(1, ' +0000'), '&l9;')}`, laughs()),
  external: () =>
    tv(
      `${channel}${programme(stamp(0, ' +0000'), stamp(1, ' +0000'), '&leak;')}`,
      '<!DOCTYPE tv SYSTEM "http://127.0.0.1:9/xmltv.dtd" [<!ENTITY leak SYSTEM "file:///etc/hostname">]>\n',
    ),
  truncated: () => tv(channel + hourly(' +0000')).slice(0, -90),
  html: () => '<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>',
  empty: () => '',
  'no-offset': () => tv(channel + hourly('')),
  'bad-rows': () => tv(channel + bad + hourly(' +0000')),
  mixed: () => tv(`${hourly(' +0000')}${channel}${channel}${hourly('+02:00')}`),
  deep: () => tv('<a>'.repeat(200_000)),
}

const BOMB_BYTES = 300 * 1024 * 1024

/** The body of a guide that no importer should trust. */
export function oddGuide(kind: OddGuide): Buffer {
  if (kind === 'latin1')
    return Buffer.from(
      tv(channel + programme(stamp(0, ' +0000'), stamp(1, ' +0000'), 'Café à la crème')).replace('UTF-8', 'iso-8859-1'),
      'latin1',
    )
  if (kind === 'gz-bomb') return gzipSync(Buffer.alloc(BOMB_BYTES, ' '), { level: 9 })
  if (kind === 'gz-cut') return gzipSync(tv(channel + hourly(' +0000'))).subarray(0, -60)
  return Buffer.from(texts[kind]())
}
