import 'server-only'
import { MINUTE } from '@/lib/kernel/time'
import { log } from '@/lib/platform/log'
import { shared } from '@/lib/platform/shared'
import { policies } from './client'
import { toDate, toList, toRow, toText } from './coerce'
import { decodeGuideText } from './guide-text'
import { getProviderForWork, toLogin } from './work'
import { fetchDocument, type XtreamLogin } from './xtream'

export interface ShortProgramme {
  title: string
  start: Date
  end: Date
}

interface Remembered {
  until: number
  programmes: ShortProgramme[] | null
}

/** Least and most time an answer is kept; in between it ends with the running programme. */
const MIN_MS = MINUTE
const MAX_MS = 5 * MINUTE
/** Channels remembered; the oldest go first. */
const MAX_REMEMBERED = 20_000
const PARALLEL = 2
/** All channels of one question together: a provider that hangs must not hold up a list for a minute. */
const TOTAL_MS = 6_000
/** A list on screen waits for this; what has not answered by then shows no programme. */
const policy = { ...policies.api, headersMs: 4_000, totalMs: 4_000, retries: 0 }

const memory = () => shared('short-guide', () => new Map<string, Remembered>())

/** What was told of these channels last, however old it is. Asks nobody. */
export function recallNow(providerId: number, ids: readonly string[]): Map<string, Readonly<Remembered>> {
  const found = new Map<string, Remembered>()
  for (const id of ids) {
    const known = memory().get(`${providerId}/${id}`)
    if (known) found.set(id, known)
  }
  return found
}

/**
 * The running and the following programmes of channels, from get_short_epg; at most 2 calls at a time (protocols.md 2.7).
 * A channel whose provider does not answer, and every channel of a playlist, is null.
 */
export async function fetchNow(providerId: number, ids: readonly string[]): Promise<Map<string, ShortProgramme[] | null>> {
  const found = new Map<string, ShortProgramme[] | null>()
  const missing: string[] = []
  for (const id of ids) {
    const known = memory().get(`${providerId}/${id}`)
    if (known && known.until > Date.now()) found.set(id, known.programmes)
    else missing.push(id)
  }
  if (missing.length === 0) return found
  const login = toLogin(await getProviderForWork(providerId))
  const until = Date.now() + TOTAL_MS
  const work = async () => {
    for (let id = missing.shift(); id !== undefined; id = missing.shift()) {
      if (Date.now() > until) {
        found.set(id, null)
        continue
      }
      const programmes = login ? await ask(login, id) : null
      remember(`${providerId}/${id}`, programmes)
      found.set(id, programmes)
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, work))
  return found
}

async function ask(login: XtreamLogin, id: string): Promise<ShortProgramme[] | null> {
  try {
    const query = { action: 'get_short_epg', stream_id: id, limit: '2' }
    return readListings(await fetchDocument(login, query, policy))
  } catch (error) {
    log().debug({ err: error }, 'no short guide')
    return null
  }
}

/** Times come from the timestamps only: the texts are in a zone of the panel's own (protocols.md 2.7, 8.11). */
export function readListings(document: unknown): ShortProgramme[] {
  const rows = toList(toRow(document).epg_listings).map(toRow)
  const programmes = rows.flatMap(row => {
    const start = toDate(row.start_timestamp)
    const end = toDate(row.stop_timestamp)
    const title = toText(decodeGuideText(row.title))
    return start && end && title && end > start ? [{ title, start, end }] : []
  })
  return programmes.sort((a, b) => a.start.getTime() - b.start.getTime())
}

function remember(key: string, programmes: ShortProgramme[] | null): void {
  const all = memory()
  const running = programmes?.find(({ end }) => end.getTime() > Date.now())
  const left = running ? running.end.getTime() - Date.now() : MAX_MS
  const ms = programmes === null ? MIN_MS : Math.min(MAX_MS, Math.max(MIN_MS, left))
  all.delete(key)
  all.set(key, { until: Date.now() + ms, programmes })
  const [oldest] = all.keys()
  if (all.size > MAX_REMEMBERED && oldest !== undefined) all.delete(oldest)
}
