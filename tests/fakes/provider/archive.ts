import type { Channel } from './catalogue.ts'
import { serveArchive } from './files.ts'
import { serveArchivePlaylist } from './hls.ts'
import { keyframeBefore, serveLive } from './live.ts'
import { serveFragmentedArchive, serveSlidingArchive } from './odd-archives.ts'
import { sendPage, sendText } from './replies.ts'
import type { ArchiveForm } from './scenarios.ts'
import type { Exchange, Login } from './world.ts'
import { behaviour } from './world.ts'

export interface ArchiveWish {
  /** The beginning as it was written. */
  text: string
  minutes: number
  extension: string
  isQuery: boolean
}

const MINUTE = 60
const DAY = 86_400
const REMEMBERED = 100

/** START in any of the forms that clients send; wall clock forms are in the panel's zone. Null when unreadable. */
export function readStart(text: string, zoneMinutes: number): number | null {
  if (/^\d{10}$/.test(text)) return Number(text)
  if (/^\d{13}$/.test(text)) return Math.floor(Number(text) / 1000)
  const compact = /^(\d{4})(\d{2})(\d{2})-(\d{2})$/.exec(text)
  const full = /^(\d{4})-(\d{2})-(\d{2})[:_T ](\d{2})[-:](\d{2})(?:[-:](\d{2}))?/.exec(text)
  const [, y, mo, d, h, mi = '0', s = '0'] = full ?? compact ?? []
  if (!y) return null
  const time = Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s))
  const exact = new Date(time)
  if (exact.getUTCMonth() + 1 !== Number(mo) || exact.getUTCDate() !== Number(d)) return null
  return time / 1000 - zoneMinutes * 60
}

const forms: [ArchiveForm, RegExp][] = [
  ['minute', /^[\d-]{10}:\d\d-\d\d$/],
  ['underscore', /^[\d-]{10}_\d\d-\d\d$/],
  ['seconds', /^[\d-]{10}:\d\d:\d\d:\d\d$/],
  ['words', /^[\d-]{10} \d\d:\d\d:\d\d$/],
  ['epoch', /^\d{10,13}$/],
]

export const formOf = (text: string): ArchiveForm => forms.find(([, form]) => form.test(text))?.[0] ?? 'other'

/** Whole minutes from `start` on that are over and still kept. */
function minutesKept(channel: Channel, start: number, minutes: number): number {
  const now = Date.now() / 1000
  if (start < now - channel.archiveDays * DAY) return 0
  return Math.min(minutes, Math.floor((Math.floor(now / MINUTE) * MINUTE - start) / MINUTE))
}

export function serveCatchUp(x: Exchange, login: Login, channel: Channel, wish: ArchiveWish): void {
  const { zone, archiveForms, hlsOnly } = behaviour(x.world, login)
  const { text, minutes, extension, isQuery } = wish
  const start = readStart(text, zone.minutes)
  const kept = start === null ? 0 : minutesKept(channel, start, minutes)
  const note = (answer: string) => {
    const { archives } = x.world.stats
    archives.push({ login: login.name, channel: channel.id, text, start: start ?? 0, minutes, answer })
    if (archives.length > REMEMBERED) archives.shift()
  }
  const known =
    (extension === 'm3u8' || !hlsOnly) &&
    (archiveForms === null || archiveForms[isQuery ? 'query' : 'path'].includes(formOf(text)))
  if (!known) {
    note('refused')
    refuse(x, login, channel, isQuery)
  } else if (channel.archiveDays === 0) sendText(x.res, 404, '')
  else if (start === null || !(minutes > 0) || minutes > 24 * 60) sendText(x.res, 400, '')
  else if (kept <= 0) {
    note('missing')
    sendText(x.res, 404, '')
  } else {
    note('sent')
    send(x, login, channel, { start, minutes: kept, extension })
  }
}

function refuse(x: Exchange, login: Login, channel: Channel, isQuery: boolean): void {
  const { archiveRefusal } = behaviour(x.world, login)
  // Panels that do not understand a query send what is on now.
  if (isQuery) serveLive(x, login, x.world.loop(channel.theme))
  else if (archiveRefusal === 'page') sendPage(x.res, 404, '404 Not Found')
  else if (archiveRefusal === 'empty') sendText(x.res, 200, '', 'video/mp2t')
  else sendText(x.res, 404, '')
}

/** The stream's own clock is the time of the day, so that whoever reads it knows which minute it shows. */
function send(
  x: Exchange,
  login: Login,
  channel: Channel,
  { start, minutes, extension }: { start: number; minutes: number; extension: string },
): void {
  const loop = x.world.loop(channel.theme)
  const second = start % DAY
  const { archiveLists } = behaviour(x.world, login)
  if (extension !== 'm3u8')
    serveArchive(x, login, loop, keyframeBefore(loop, second), Math.round((loop.packets * minutes * MINUTE) / loop.seconds))
  else if (archiveLists === 'finished') serveArchivePlaylist(x, login, channel.id, second, minutes * MINUTE)
  else if (archiveLists === 'fmp4') serveFragmentedArchive(x, login, channel.id, { start, seconds: minutes * MINUTE })
  else serveSlidingArchive(x, login, channel.id, { start, seconds: minutes * MINUTE })
}
