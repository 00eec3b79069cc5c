export type LiveFault = 'drop' | 'garbage' | 'html' | 'silent' | 'clip' | 'empty' | 'junk-first'

export type OddMedia =
  | 'gzip'
  | 'short-length'
  | 'two-lengths'
  | 'big-header'
  | 'playlist-loop'
  | 'playlist-huge'
  | 'playlist-file-key'
  | 'playlist-zero'
export type OddGuide =
  | 'entities'
  | 'external'
  | 'truncated'
  | 'html'
  | 'empty'
  | 'no-offset'
  | 'bad-rows'
  | 'mixed'
  | 'deep'
  | 'latin1'
  | 'gz-bomb'
  | 'gz-cut'
/** Forms of the beginning of a catch-up address, as path or as query. */
export type ArchiveForm = 'minute' | 'underscore' | 'seconds' | 'words' | 'epoch' | 'other'
/** What a panel does when it is asked for a whole list instead of one category: too much for it. */
export type WholeLists = 'normal' | 'timeout' | 'hang' | 'stall'
export type OddJson = 'proto-keys' | 'deep' | 'html' | 'null' | 'object' | 'cut'

export interface Scenario {
  about: string
  catalogue: 'normal' | 'second' | 'huge' | 'formats'
  /** How bad credentials are refused. */
  panel: 'classic' | 'xui' | 'reserver'
  status: 'Active' | 'Expired' | 'Banned' | 'Disabled'
  maxConnections: number
  /** What happens to one viewer too many. */
  overLimit: 'refuse' | 'kill-oldest'
  api: 'normal' | 'hang' | 'html' | 'blocked' | 'flood' | 'bad-user-info'
  delayMs: number
  drip: boolean
  shape: 'canonical' | 'php-arrays' | 'wrong-types'
  /** player_api actions that answer with this status and an HTML page. */
  failing: Record<string, number>
  truncated: string[]
  wholeLists: WholeLists
  /** Categories that answer 504 when they are asked for alone; `all` = every one. */
  lateCategories: number[] | 'all'
  /** Panels number the rows of an answer, so that each category begins with one. */
  numbersFromOne: boolean
  /** How the catalogue behaves from one fetch to the next. */
  refetch: 'stable' | 'empty-once' | 'shrink'
  flapping: boolean
  live: LiveFault | 'normal'
  redirect: boolean
  /** Catch-up addresses it understands; null = all of them. */
  archiveForms: { path: ArchiveForm[]; query: ArchiveForm[] } | null
  /** What it answers to the others. */
  archiveRefusal: 'none' | 'page' | 'empty'
  hlsOnly: boolean
  /** What a list of an archive is: finished, moving on with or without telling its time, or made of fragments. */
  archiveLists: 'finished' | 'sliding' | 'undated' | 'fmp4'
  /** Panels send `Accept-Ranges: 0-123`, which is not what the standard says. */
  oddRanges: boolean
  refuseHead: boolean
  getPhp: 'on' | 'off'
  oddMedia: OddMedia | 'none'
  oddGuide: OddGuide | 'none'
  /** What the three big lists answer instead. */
  oddJson: OddJson | 'none'
  /** Minutes by which the panel's wall clock is ahead of UTC, and the name it gives. */
  zone: { name: string; minutes: number }
}

const base: Scenario = {
  about: '',
  catalogue: 'normal',
  panel: 'classic',
  status: 'Active',
  maxConnections: 5,
  overLimit: 'refuse',
  api: 'normal',
  delayMs: 0,
  drip: false,
  shape: 'canonical',
  failing: {},
  truncated: [],
  wholeLists: 'normal',
  lateCategories: [],
  numbersFromOne: false,
  refetch: 'stable',
  flapping: false,
  live: 'normal',
  redirect: false,
  archiveForms: null,
  archiveRefusal: 'none',
  hlsOnly: false,
  archiveLists: 'finished',
  oddRanges: false,
  refuseHead: false,
  getPhp: 'on',
  oddMedia: 'none',
  oddGuide: 'none',
  oddJson: 'none',
  zone: { name: 'UTC', minutes: 0 },
}

const changes: Record<string, Partial<Scenario> & { about: string }> = {
  normal: { about: 'healthy classic panel: 40 channels, 123 films, 24 series' },
  normal2: {
    about: 'second provider, ten channel names in common with normal, other ids',
    catalogue: 'second',
    panel: 'xui',
    maxConnections: 2,
  },
  public: { about: 'owner of the links in /playlist.m3u', maxConnections: 0 },
  formats: { about: 'channels that browsers do not play as they are, or with a choice of languages', catalogue: 'formats' },
  huge: { about: '20,000 channels, 150,000 films, 20,000 series', catalogue: 'huge' },
  slow: { about: 'every answer starts after 3 s', delayMs: 3000 },
  drip: { about: 'answers arrive one byte every 2 s', drip: true },
  hang: { about: 'never sends headers', api: 'hang' },
  html: { about: '200 with an HTML page for everything', api: 'html' },
  html404: { about: 'XUI panel: bad password is a 404 HTML page', panel: 'xui' },
  reserver: { about: 're-server: bad password is 401 JSON', panel: 'reserver' },
  expired: { about: 'auth 1, status Expired, streams refused', status: 'Expired' },
  banned: { about: 'auth 1, status Banned', status: 'Banned' },
  disabled: { about: 'auth 1, status Disabled', status: 'Disabled' },
  blocked: { about: '403 with an empty body for everything', api: 'blocked' },
  flood: { about: '429 with Retry-After for everything', api: 'flood' },
  'null-info': { about: 'player_api answers {"user_info":null}', api: 'bad-user-info' },
  'one-connection': { about: 'one stream at a time; the second gets 458', maxConnections: 1 },
  'one-connection-kill': {
    about: 'one stream at a time; the newest kills the oldest',
    maxConnections: 1,
    overLimit: 'kill-oldest',
  },
  'php-arrays': { about: 'PHP lists where objects belong: episodes, info, EPG', shape: 'php-arrays' },
  'wrong-types': { about: 'strings for numbers and back, nulls, "None", a PHP warning first', shape: 'wrong-types' },
  flapping: { about: 'up for a second, down for a second', flapping: true },
  drops: { about: 'live dropped every 4 s; get_vod_streams cut short', live: 'drop', truncated: ['get_vod_streams'] },
  partial: { about: 'get_series answers 500', failing: { get_series: 500 } },
  'whole-504': { about: 'whole lists answer 504, single categories come', wholeLists: 'timeout', numbersFromOne: true },
  'whole-504-part': {
    about: 'like whole-504, and categories 2 and 102 answer 504 too',
    wholeLists: 'timeout',
    lateCategories: [2, 102],
  },
  'whole-504-all': { about: 'whole lists and every category answer 504', wholeLists: 'timeout', lateCategories: 'all' },
  'whole-hang': { about: 'whole lists never send headers, single categories come', wholeLists: 'hang' },
  'whole-stall': { about: 'whole lists stop after 20 kB and stay open, single categories come', wholeLists: 'stall' },
  'empty-once': { about: 'the second fetch of each list is []', refetch: 'empty-once' },
  shrink: { about: 'from the second fetch 60 % fewer films', refetch: 'shrink' },
  redirect: { about: 'streams answer 302 to one-use /auth, /vauth, /tsauth tokens', redirect: true, panel: 'xui' },
  'hls-only': { about: 'live and archive only as .m3u8; .ts is 405 and 404', hlsOnly: true },
  garbage: { about: 'random bytes and HTML inside the live stream', live: 'garbage' },
  'html-stream': { about: '200 text/html on live .ts', live: 'html' },
  silent: { about: 'live sends headers, then nothing', live: 'silent' },
  'short-clip': { about: 'live is a 2 s clip, then a clean end', live: 'clip' },
  'empty-stream': { about: 'live is 200 with no bytes', live: 'empty' },
  'junk-first': { about: 'a PHP notice before the first TS packet', live: 'junk-first' },
  'odd-ranges': { about: 'Accept-Ranges: 0-LEN; HEAD refused with 405', oddRanges: true, refuseHead: true },
  'no-get-php': { about: 'get.php switched off (884)', getPhp: 'off' },
  'archive-underscore': {
    about: 'catch-up only as path with YYYY-MM-DD_HH-MM; other forms are an empty 200',
    archiveForms: { path: ['underscore'], query: [] },
    archiveRefusal: 'empty',
  },
  'archive-query': {
    about: 'catch-up only in the query, with YYYY-MM-DD_HH-MM; paths are a 404 page, other queries the live picture',
    archiveForms: { path: [], query: ['underscore'] },
    archiveRefusal: 'page',
    panel: 'xui',
    maxConnections: 1,
  },
  'archive-words': {
    about: 'like archive-query, and the query only with YYYY-MM-DD HH:MM:SS',
    archiveForms: { path: [], query: ['words'] },
    archiveRefusal: 'page',
    panel: 'xui',
    maxConnections: 1,
  },
  'archive-sliding': {
    about: 'like hls-only; archives are lists that move on as one reads',
    hlsOnly: true,
    archiveLists: 'sliding',
  },
  'archive-undated': { about: 'like archive-sliding, and no list tells its time', hlsOnly: true, archiveLists: 'undated' },
  'archive-fmp4': { about: 'like hls-only; archives are lists of fMP4', hlsOnly: true, archiveLists: 'fmp4' },
  madrid: { about: 'wall clock in Europe/Madrid winter time (+60 min)', zone: { name: 'Europe/Madrid', minutes: 60 } },
}

const oddMedia: OddMedia[] = [
  'gzip',
  'short-length',
  'two-lengths',
  'big-header',
  'playlist-loop',
  'playlist-huge',
  'playlist-file-key',
  'playlist-zero',
]
const oddGuides: OddGuide[] = [
  'entities',
  'external',
  'truncated',
  'html',
  'empty',
  'no-offset',
  'bad-rows',
  'mixed',
  'deep',
  'latin1',
  'gz-bomb',
  'gz-cut',
]
const oddJson: OddJson[] = ['proto-keys', 'deep', 'html', 'null', 'object', 'cut']

for (const odd of oddMedia)
  changes[`media-${odd}`] = {
    about: `live channels: ${odd.replaceAll('-', ' ')}`,
    oddMedia: odd,
    // Whoever could have the stream itself would never read the playlist.
    hlsOnly: odd.startsWith('playlist-'),
  }
for (const odd of oddGuides) changes[`guide-${odd}`] = { about: `xmltv.php: ${odd.replaceAll('-', ' ')}`, oddGuide: odd }
for (const odd of oddJson) changes[`json-${odd}`] = { about: `the big lists: ${odd.replaceAll('-', ' ')}`, oddJson: odd }

export const scenarios: Record<string, Scenario> = Object.fromEntries(
  Object.entries(changes).map(([name, change]) => [name, { ...base, ...change }]),
)

/** Effects that can be laid over every login at once, by scenario name. */
export function withFault(scenario: Scenario, fault: string | null): Scenario {
  return fault ? { ...scenario, ...changes[fault] } : scenario
}
