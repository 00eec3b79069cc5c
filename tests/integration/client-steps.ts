import { type GatewayWorld, type MadeLine, startGatewayWorld, until } from './gateway-world'
import { importGuideNow } from './guide-steps'

type Row = Record<string, unknown> & { name: string }

/** What a person has who types a line into an app: addresses, and one of each kind of thing. */
export interface ClientWorld extends GatewayWorld {
  line: MadeLine
  /** A channel with an archive; its programmes are in the guide. */
  channel: { id: number; name: string; guideId: string; archiveDays: number }
  mp4: { id: number; name: string }
  mkv: { id: number; name: string }
  episode: { id: string; ending: string; seriesId: number }
  /** `/live/USER/PASSWORD/ID.ts` and the like. */
  at(kind: 'live' | 'movie' | 'series', file: string): string
  xmltv(query?: string): string
  playlist(query?: string): string
  /** Ends what plays, as if the app were closed: films and HLS keep their place for a while, for the next range or piece. */
  hangUp(): Promise<void>
}

/** The gateway with catalogue and guide, and a line that opens everything. */
export async function startClientWorld(): Promise<ClientWorld> {
  const world = await startGatewayWorld()
  const guide = await importGuideNow(world.providerId)
  if (guide.errorCode !== null) throw new Error(`the guide was not read: ${guide.errorCode}`)
  const line = await world.makeLine({ providerIds: [world.providerId], maxConnections: 20 })
  const list = async (action: string) => (await world.api(line, `&action=${action}`)) as Row[]
  const channel = found((await list('get_live_streams')).find(row => row.tv_archive === 1 && row.epg_channel_id !== ''))
  const movies = await list('get_vod_streams')
  const withEnding = (ending: string) => {
    const { stream_id, name } = found(movies.find(row => row.container_extension === ending))
    return { id: Number(stream_id), name }
  }
  const seriesId = Number(found((await list('get_series'))[0]).series_id)
  const title = (await world.api(line, `&action=get_series_info&series_id=${seriesId}`)) as { episodes: Record<string, Row[]> }
  const episode = found(Object.values(title.episodes)[0]?.[0])
  return {
    ...world,
    line,
    channel: {
      id: Number(channel.stream_id),
      name: channel.name,
      guideId: String(channel.epg_channel_id),
      archiveDays: Number(channel.tv_archive_duration),
    },
    mp4: withEnding('mp4'),
    mkv: withEnding('mkv'),
    episode: { id: String(episode.id), ending: String(episode.container_extension), seriesId },
    at: (kind, file) => `${world.base}/${kind}/${line.path}/${file}`,
    xmltv: (query = '') => `${world.base}/xmltv.php?${line.query}${query}`,
    playlist: (query = '') => `${world.base}/get.php?${line.query}${query}`,
    hangUp: async () => {
      const { endLineConnections, listConnections } = await import('@/lib/playback')
      await endLineConnections(world.viewer, line.id)
      await until(async () => (await listConnections(world.viewer)).length === 0 && world.provider.stats.liveOpen === 0)
    },
  }
}

export function found<Value>(value: Value | null | undefined): Value {
  if (value === undefined || value === null) throw new Error('the list does not have what the test needs')
  return value
}

export type Picture = 'ts' | 'mp4' | 'mkv' | 'nothing known'

/** What the first bytes at an address are; the connection ends after them. */
export async function firstBytesOf(url: string): Promise<{ status: number; type: string | null; is: Picture }> {
  const leaving = new AbortController()
  const answer = await fetch(url, { signal: leaving.signal })
  const parts: Uint8Array[] = []
  let bytes = 0
  const reader = answer.body?.getReader()
  while (reader !== undefined && bytes < 3 * 188) {
    const { value, done } = await reader.read()
    if (done) break
    parts.push(value)
    bytes += value.length
  }
  leaving.abort()
  return { status: answer.status, type: answer.headers.get('content-type'), is: pictureIn(Buffer.concat(parts)) }
}

export function pictureIn(bytes: Buffer): Picture {
  if (bytes.length > 376 && [0, 188, 376].every(at => bytes[at] === 0x47)) return 'ts'
  if (bytes.toString('latin1', 4, 8) === 'ftyp') return 'mp4'
  return bytes.readUInt32BE(0) === 0x1a45dfa3 ? 'mkv' : 'nothing known'
}

/** Every form of START that apps send (protocols.md 3.4), all naming the same minute. */
export function startForms(at: Date): Record<string, string> {
  const [day = '', clock = ''] = at.toISOString().slice(0, 19).split('T')
  const [hour, minute, second] = clock.split(':')
  const epoch = String(Math.floor(at.getTime() / 1_000))
  return {
    'day:hour-minute': `${day}:${hour}-${minute}`,
    'day:hour-minute-second': `${day}:${hour}-${minute}-${second}`,
    day_hour_minute: `${day}_${hour}-${minute}`,
    'day:hour:minute': `${day}:${hour}:${minute}`,
    'day:hour:minute:second': `${day}:${clock}`,
    'day hour:minute:second': `${day} ${clock}`,
    'ISO 8601': `${day}T${clock}Z`,
    'whole hour': `${day.replaceAll('-', '')}-${hour}`,
    epoch,
    milliseconds: `${epoch}000`,
  }
}
