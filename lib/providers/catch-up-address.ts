import 'server-only'
import { MINUTE, SECOND } from '@/lib/kernel/time'
import { shared } from '@/lib/platform/shared'
import { isPlaylistAddress, playlistCatchUpUrls } from './playlist-catch-up'
import { listPool, loginOfSlot, type PoolLogin, poolSize } from './pool'
import { openEntry, type StreamAddress, type StreamSource } from './stream-address'
import { wallClockAt } from './wall-clock'
import { getProviderForWork, type ProviderForWork } from './work'
import { headersOf, networksOf } from './xtream'

export interface CatchUpAddress extends StreamAddress {
  /** Number of the form, for `rememberCatchUpForm`. */
  form: number
  /** This provider has understood this form before. */
  isLearned: boolean
  /** A provider that does not know this form may answer it with the live picture. */
  mayBeLive: boolean
  /** A list of segments instead of the one stream. */
  isPlaylist: boolean
}

const pad = (value: number): string => String(value).padStart(2, '0')

function partsOf(start: Date, wall: Date) {
  const day = `${wall.getUTCFullYear()}-${pad(wall.getUTCMonth() + 1)}-${pad(wall.getUTCDate())}`
  const epoch = String(Math.floor(start.getTime() / SECOND))
  return { day, hour: pad(wall.getUTCHours()), minute: pad(wall.getUTCMinutes()), second: pad(wall.getUTCSeconds()), epoch }
}

type Parts = ReturnType<typeof partsOf>

interface Form {
  isQuery: boolean
  /** Some panels keep their archive as HLS only. */
  isPlaylist?: true
  start(parts: Parts): string
}

/**
 * Forms in which panels take the beginning, in the order worth trying (protocols.md 3.4). The query forms come after the paths: a
 * panel that does not know one may answer it with the live picture. Lists of segments come last, or first where a panel
 * says that it has nothing else.
 */
const forms: readonly Form[] = [
  { isQuery: false, start: ({ day, hour, minute }) => `${day}:${hour}-${minute}` },
  { isQuery: false, start: ({ day, hour, minute }) => `${day}_${hour}-${minute}` },
  { isQuery: false, start: ({ day, hour, minute, second }) => `${day}:${hour}:${minute}:${second}` },
  { isQuery: true, start: ({ day, hour, minute }) => `${day}_${hour}-${minute}` },
  { isQuery: true, start: ({ day, hour, minute, second }) => `${day} ${hour}:${minute}:${second}` },
  { isQuery: true, start: ({ day, hour, minute }) => `${day}:${hour}-${minute}` },
  { isQuery: true, start: ({ day, hour, minute, second }) => `${day}:${hour}:${minute}:${second}` },
  { isQuery: false, isPlaylist: true, start: ({ day, hour, minute }) => `${day}:${hour}-${minute}` },
  { isQuery: false, isPlaylist: true, start: ({ day, hour, minute }) => `${day}_${hour}-${minute}` },
]

/** Most panels take seconds since 1970 too: worth a try where the wall clock says the same twice. Never remembered. */
const EPOCH_FORM = forms.length
/** Each entry of a playlist has its own way, of which there is nothing to learn for the others. */
const PLAYLIST_FORMS = 100
const epochForm: Form = { isQuery: false, start: ({ epoch }) => epoch }

const learned = () => shared('catch-up-forms', () => new Map<number, number>())

/** The form that a provider understood is the first one tried next time. */
export function rememberCatchUpForm(providerId: number, form: number): void {
  if (form < EPOCH_FORM) learned().set(providerId, form)
}

/**
 * Where a past stretch of a channel is, in the forms worth trying; none when nothing is known of an archive. `minutes` is rounded up by
 * the caller. Times go out in the provider's own wall clock.
 */
export async function catchUpAddresses(source: StreamSource, start: Date, minutes: number): Promise<CatchUpAddress[]> {
  const provider = await getProviderForWork(source.providerId)
  const { credentials, options, account } = provider
  if (source.kind !== 'channel') return []
  if (credentials.kind === 'm3u') return playlistAddresses(source, provider, { start, minutes })
  const { wall, isAmbiguous } = wallClockAt(start, account ?? { clockOffsetMinutes: 0 })
  const parts = partsOf(start, wall)
  const pool = await listPool(provider)
  const shared = {
    headers: headersOf(options),
    maxConnections: poolSize(pool),
    privateNetworks: networksOf(provider),
    delivery: options.delivery,
  }
  const first = learned().get(source.providerId)
  const toAddress = (form: Form, number: number): CatchUpAddress => {
    const urlsOf = (login: PoolLogin | undefined) => ({
      url: urlOf(
        { base: credentials.base, login: login ?? credentials },
        { id: source.providerItemId, minutes, text: form.start(parts), form },
      ),
    })
    return {
      ...urlsOf(pool[0]),
      ...shared,
      form: number,
      isLearned: number === first,
      mayBeLive: form.isQuery,
      isPlaylist: form.isPlaylist === true,
      at: (n: number) => urlsOf(loginOfSlot(pool, n)),
    }
  }
  const isHlsOnly = account?.formats.includes('m3u8') === true && !account.formats.includes('ts')
  const rank = ({ form, isPlaylist }: CatchUpAddress) => (form === first ? 0 : isHlsOnly && isPlaylist ? 1 : 2)
  const addresses = forms.map(toAddress).sort((a, b) => rank(a) - rank(b))
  return isAmbiguous ? [toAddress(epochForm, EPOCH_FORM), ...addresses] : addresses
}

/** Of a playlist's entry, by the rule that stands beside it. */
function playlistAddresses(
  source: StreamSource,
  provider: ProviderForWork,
  { start, minutes }: { start: Date; minutes: number },
): CatchUpAddress[] {
  const { url: live, headers, catchUp } = openEntry(source)
  if (catchUp === undefined) return []
  const stretch = { start: start.getTime(), stop: start.getTime() + minutes * MINUTE, now: Date.now() }
  return playlistCatchUpUrls(live, catchUp, stretch).map((url, number) => {
    const isOwnServer = new URL(url).origin === new URL(live).origin
    // What signs in at the channel's server is nothing for another one.
    const own = Object.entries(headers).filter(([name]) => isOwnServer || !/^(authorization|cookie)$/i.test(name))
    return {
      url,
      headers: { ...headersOf(provider.options), ...Object.fromEntries(own) },
      maxConnections: null,
      privateNetworks: networksOf(provider),
      delivery: provider.options.delivery,
      form: PLAYLIST_FORMS + number,
      isLearned: false,
      mayBeLive: false,
      isPlaylist: isPlaylistAddress(url),
      at: () => ({ url }),
    }
  })
}

function urlOf(
  { base, login }: { base: string; login: { username: string; password: string } },
  { id, minutes, text, form }: { id: string; minutes: number; text: string; form: Form },
): string {
  const [username, password, stream] = [login.username, login.password, id].map(encodeURIComponent)
  return form.isQuery
    ? `${base}/streaming/timeshift.php?username=${username}&password=${password}&stream=${stream}&start=${encodeURIComponent(text)}&duration=${minutes}`
    : `${base}/timeshift/${username}/${password}/${minutes}/${text}/${stream}.${form.isPlaylist ? 'm3u8' : 'ts'}`
}
