import { once } from 'node:events'
import { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { Channel } from './catalogue.ts'
import type { Programme } from './guide.ts'
import { programmes } from './guide.ts'
import { oddGuide } from './odd-guides.ts'
import { sendPieces, sendText } from './replies.ts'
import { artUrl } from './rows.ts'
import type { Exchange, Login } from './world.ts'
import { behaviour } from './world.ts'

const DAY = 86_400

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const xml = (text: string) => text.replace(/[&<>"]/g, c => escapes[c] ?? c)

function stamp(epoch: number, zoneMinutes: number): string {
  const digits = new Date((epoch + zoneMinutes * 60) * 1000).toISOString().replace(/\D/g, '').slice(0, 14)
  const hours = String(Math.floor(zoneMinutes / 60)).padStart(2, '0')
  return `${digits} +${hours}${String(zoneMinutes % 60).padStart(2, '0')}`
}

function programmeXml(p: Programme, c: Channel, zone: number): string {
  const head = `<programme start="${stamp(p.start, zone)}" stop="${stamp(p.stop, zone)}" channel="${xml(c.epgId)}">`
  const texts = `<title lang="en">${xml(p.title)}</title><sub-title lang="en">${xml(p.subTitle)}</sub-title><desc lang="en">${xml(p.description)}</desc>`
  return `  ${head}${texts}<category lang="en">${p.category}</category><episode-num system="xmltv_ns">${p.season - 1}.${p.episode - 1}.</episode-num></programme>\n`
}

function* document(x: Exchange, login: Login): Generator<string> {
  const { zone, catalogue } = behaviour(x.world, login)
  const now = Math.floor(Date.now() / 1000)
  const huge = catalogue === 'huge'
  const [from, to] = huge ? [now - DAY / 8, now + DAY / 2] : [now - 3 * DAY, now + 4 * DAY]
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tv SYSTEM "xmltv.dtd">\n<tv generator-info-name="demo">\n'
  for (const c of login.catalogue.channels) {
    if (c.epgId)
      yield `  <channel id="${xml(c.epgId)}"><display-name>${xml(c.name)}</display-name><icon src="${xml(artUrl.logo(x.origin, c))}"/></channel>\n`
  }
  for (const c of login.catalogue.channels) for (const p of programmes(c, from, to)) yield programmeXml(p, c, zone.minutes)
  yield '</tv>\n'
}

/** Big guides are joined into larger pieces first: compressing line by line would be slow. */
function* joined(pieces: Iterable<string>): Generator<string> {
  let text = ''
  for (const piece of pieces) {
    text += piece
    if (text.length < 65_536) continue
    yield text
    text = ''
  }
  yield text
}

async function sendGzip(x: Exchange, login: Login): Promise<void> {
  const gzip = createGzip({ level: 1 })
  const source = Readable.from(joined(document(x, login)), { objectMode: false })
  x.res.once('close', () => {
    source.destroy()
    gzip.destroy()
  })
  gzip.on('error', () => x.res.destroy())
  source.pipe(gzip).pipe(x.res)
  await once(x.res, 'close')
}

export async function serveXmltv(x: Exchange, login: Login): Promise<void> {
  const { res, query, req } = x
  const { status, oddGuide: odd } = behaviour(x.world, login)
  if (status !== 'Active') {
    sendText(res, 403, '')
  } else if (odd !== 'none') {
    res.writeHead(200, { 'content-type': 'application/xml' }).end(oddGuide(odd))
  } else if (query.get('gzip') === '1') {
    res.writeHead(200, { 'content-type': 'application/octet-stream', 'content-disposition': 'attachment; filename="epg.xml.gz"' })
    await sendGzip(x, login)
  } else if (/\bgzip\b/.test(req.headers['accept-encoding'] ?? '')) {
    res.writeHead(200, { 'content-type': 'application/xml; charset=utf-8', 'content-encoding': 'gzip' })
    await sendGzip(x, login)
  } else {
    res.writeHead(200, {
      'content-type': 'application/xml; charset=utf-8',
      'content-disposition': 'attachment; filename="epg.xml"',
    })
    await sendPieces(x, document(x, login))
  }
}
