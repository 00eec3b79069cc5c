import { PASSWORD, passwordOf } from './accounts.ts'
import type { Channel } from './catalogue.ts'
import { episodesOf } from './catalogue.ts'
import { sendPieces, sendText } from './replies.ts'
import { artUrl } from './rows.ts'
import type { Exchange, Login } from './world.ts'
import { behaviour } from './world.ts'

const two = (n: number) => String(n).padStart(2, '0')

function* liveEntries(x: Exchange, login: Login, plus: boolean, extension: string): Generator<string> {
  const groups = new Map(login.catalogue.liveCategories.map(c => [c.id, c.name]))
  for (const c of login.catalogue.channels) {
    const url = `${x.origin}/${login.name}/${passwordOf(login.name)}/${c.id}.${extension}`
    yield plus ? `${channelLine(x, c, groups.get(c.category) ?? '')}\r\n${url}\r\n` : `#EXTINF:-1,${c.name}\r\n${url}\r\n`
  }
}

function channelLine(x: Exchange, c: Channel, group: string): string {
  const archive = c.archiveDays > 0 ? ` timeshift="${c.archiveDays}"` : ''
  return `#EXTINF:-1${archive} tvg-id="${c.epgId}" tvg-name="${c.name}" tvg-logo="${artUrl.logo(x.origin, c)}" group-title="${group}",${c.name}`
}

function* vodEntries(x: Exchange, login: Login, plus: boolean): Generator<string> {
  const { movies, series, vodCategories, seriesCategories } = login.catalogue
  const groups = new Map([...vodCategories, ...seriesCategories].map(c => [c.id, c.name]))
  const line = (name: string, logo: string, category: number) =>
    plus
      ? `#EXTINF:-1 tvg-id="" tvg-name="${name}" tvg-logo="${logo}" group-title="${groups.get(category) ?? ''}",${name}\r\n`
      : `#EXTINF:-1,${name}\r\n`
  const base = (kind: string) => `${x.origin}/${kind}/${login.name}/${passwordOf(login.name)}`
  for (const m of movies) {
    yield `${line(`${m.title} (${m.year})`, artUrl.poster(x.origin, 'movie', m), m.category)}${base('movie')}/${m.id}.${m.extension}\r\n`
  }
  for (const s of series) {
    const logo = artUrl.poster(x.origin, 'series', s)
    for (const e of episodesOf(s))
      yield `${line(`${s.title} S${two(e.season)}E${two(e.number)}`, logo, s.category)}${base('series')}/${e.id}.mp4\r\n`
  }
}

function* wholeList(x: Exchange, login: Login): Generator<string> {
  const type = x.query.get('type') ?? 'm3u_plus'
  const output = x.query.get('output') ?? 'ts'
  const keys = x.query.get('key')?.split(',')
  const extension = output === 'm3u8' || output === 'hls' ? 'm3u8' : 'ts'
  yield '#EXTM3U\r\n'
  if (!keys || keys.includes('live')) yield* liveEntries(x, login, type === 'm3u_plus', extension)
  if (!keys || keys.includes('movie')) yield* vodEntries(x, login, type === 'm3u_plus')
}

export async function serveGetPhp(x: Exchange, login: Login): Promise<void> {
  const { getPhp, status } = behaviour(x.world, login)
  const type = x.query.get('type') ?? 'm3u_plus'
  if (getPhp === 'off') sendText(x.res, 884, '')
  else if (status !== 'Active') sendText(x.res, 403, '')
  else if (type !== 'm3u_plus' && type !== 'm3u') sendText(x.res, 404, '')
  else {
    const name = `tv_channels_${login.name}${type === 'm3u_plus' ? '_plus' : ''}.m3u`
    x.res.writeHead(200, { 'content-type': 'application/octet-stream', 'content-disposition': `attachment; filename="${name}"` })
    await sendPieces(x, wholeList(x, login))
  }
}

function* publicList(x: Exchange, login: Login): Generator<string> {
  const groups = new Map(login.catalogue.liveCategories.map(c => [c.id, c.name]))
  yield `#EXTM3U url-tvg="${x.origin}/guide.xml" x-tvg-url="${x.origin}/guide.xml"\n`
  for (const c of login.catalogue.channels) {
    if (c.adult) continue
    const days = c.archiveDays
    const source = `${x.origin}/timeshift/public/${PASSWORD}/{duration:60}/\${start}/${c.id}.ts`
    const archive =
      days > 0 ? ` timeshift="${days}" tvg-rec="${days}" catchup="default" catchup-days="${days}" catchup-source="${source}"` : ''
    const attributes = `tvg-id="${c.epgId}" tvg-name="${c.name}" tvg-logo="${artUrl.logo(x.origin, c)}" tvg-chno="${c.number}" group-title="${groups.get(c.category) ?? ''}"`
    yield `#EXTINF:-1 ${attributes}${archive},${c.name}\n${x.origin}/public/${c.id}.${c.number % 4 === 0 ? 'm3u8' : 'ts'}\n`
  }
}

export async function servePublicList(x: Exchange): Promise<void> {
  const login = x.world.login('public')
  x.res.writeHead(200, { 'content-type': 'audio/x-mpegurl; charset=utf-8' })
  if (login) await sendPieces(x, publicList(x, login))
}

/** Lines seen in the wild or sent in malice; only the ones marked Good are channels a player can open. */
function oddLines(origin: string): string[] {
  const good = (n: number) => `${origin}/public/${1000 + n}.ts`
  return [
    '\ufeff#PLAYLIST:Odd things',
    `#EXTINF:-1 tvg-id="meridiannewshd.demo" group-title="Odd",Good before any header`,
    good(1),
    '#EXTM3U\r',
    '',
    `#extinf:0 TVG-ID='harbour24.demo' group-title=Odd,Good lower case and single quotes\r`,
    `${good(2)}\r`,
    `#EXTINF:-1 tvg-name="never closed group-title="Odd",Unclosed quote`,
    good(3),
    '#EXTINF:-1,No address follows',
    '#EXTINF:-1 group-title="Odd",Local file',
    '/etc/passwd',
    '#EXTINF:-1 group-title="Odd",Multicast',
    'udp://@239.0.0.1:1234',
    '#EXTINF:-1 group-title="Odd",Camera',
    'rtsp://camera.invalid/1',
    '#EXTINF:-1 group-title="Odd",<img src=x onerror=alert(1)>',
    good(4),
    `#EXTINF:-1 group-title="Odd",\u202eevil ${'long '.repeat(2000)}`,
    good(5),
    '#EXTINF:-1 group-title="Odd",=HYPERLINK("http://evil.invalid")',
    good(6),
    `#EXTINF:-1 tvg-logo="javascript:alert(1)" group-title="Odd",Good with a bad logo`,
    good(7),
    '#EXTINF:-1 tvg-name="a\\nb" group-title="Odd",Good with options',
    '#EXTVLCOPT:http-user-agent=VLC/3.0.20',
    '#EXTGRP:Odd group',
    '#KODIPROP:inputstream=inputstream.adaptive',
    `${good(8)}|User-Agent=Demo%2F1.0&Referer=${encodeURIComponent(origin)}`,
    '#EXTINF:-1 group-title="Odd",Foo, Bar and a comma',
    good(9),
    '#EXTINF:-1 group-title="Odd",##### SEPARATOR #####',
    `${origin}/public/0.ts`,
    good(10),
  ]
}

export function serveOddList(x: Exchange): void {
  const binary = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x0a])
  x.res.writeHead(200, { 'content-type': 'text/plain' })
  x.res.end(Buffer.concat([Buffer.from(`${oddLines(x.origin).join('\n')}\n`), binary]))
}
