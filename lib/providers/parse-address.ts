import { AppError } from '@/lib/kernel/errors'

export interface ParsedAddress {
  /** Scheme, host, port and sub-path, without a trailing slash and without credentials. */
  base: string
  /** Credentials found inside what was pasted; null when there were none. */
  username: string | null
  password: string | null
}

/** Files and folders of panels that people paste along with the address (protocols.md 1.1); the path is cut before them. */
const panelParts =
  /\/(?:player_api\.php|panel_api\.php|get\.php|xmltv\.php|enigma2\.php|portal\.php|c|stalker_portal|live|movie|series|timeshift|streaming|hls)(?:\/.*)?$/i
const pathForms = /\/(?:player_api|epg|playlist)\/([^/]+)\/([^/]+)(?:\/.*)?$/i

const invalid = (field: string, say?: string) => new AppError('UPSTREAM_URL_INVALID', { field, ...(say ? { say } : {}) })

/**
 * Reads an Xtream address in every form people paste (protocols.md 1.1): without scheme, with a port, a slash at the end,
 * `user:password@`, a `player_api.php`/`get.php`/`xmltv.php` link with credentials in its query, `/c/`, a sub-path.
 * Credentials are taken out and returned. `field` names the field in errors.
 * @throws UPSTREAM_URL_INVALID, UPSTREAM_SCHEME_NOT_ALLOWED
 */
export function parseAddress(text: string, field = 'address'): ParsedAddress {
  const url = parseWebUrl(text, field)
  const fromQuery = credentialsOf(url.searchParams)
  const fromUser = url.username === '' ? null : { username: decode(url.username), password: decode(url.password) }
  const form = pathForms.exec(url.pathname)
  const fromPath = form ? { username: decode(form[1] ?? ''), password: decode(form[2] ?? '') } : null
  const found = fromQuery ?? fromPath ?? fromUser
  const path = url.pathname.replace(pathForms, '').replace(panelParts, '').replace(/\/+$/, '')
  return {
    base: `${url.protocol}//${url.host}${path}`,
    username: found?.username ?? null,
    password: found?.password ?? null,
  }
}

/** A playlist or guide address: kept whole, only completed with a scheme. Its credentials are part of it. */
export function parsePlaylistUrl(text: string, field = 'playlistUrl'): string {
  return parseWebUrl(text, field).href
}

/** What people may see of an address: scheme, host and port, nothing that can carry a secret. */
export function publicAddress(url: string): string {
  if (!URL.canParse(url)) return ''
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}`
}

/** The words in an address that must never show up in a log or an answer. */
export function secretsIn(url: string): string[] {
  if (!URL.canParse(url)) return []
  const { searchParams, username, password, pathname } = new URL(url)
  const named = ['username', 'password', 'token', 'user', 'pass', 'key', 'auth'].flatMap(name => searchParams.getAll(name))
  const segments = /\/(?:live|movie|series|playlist|epg|player_api)\/([^/]+)\/([^/]+)/i.exec(pathname)?.slice(1) ?? []
  return [...named, decode(username), decode(password), ...segments.map(decode)].filter(Boolean)
}

function parseWebUrl(text: string, field: string): URL {
  const trimmed = text.trim().replace(/^["'<]+|["'>]+$/g, '')
  if (trimmed === '') throw invalid(field, 'Give the address of the server.')
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed)?.[1]?.toLowerCase()
  // `host:8080/x` also looks like a scheme; only a word that no host could be is one.
  const bare = /^(javascript|data|file|mailto|concat|subfile|ftp|gopher|rtmp|rtsp|udp|rtp)[:,]/i.test(trimmed)
  if ((scheme && scheme !== 'http' && scheme !== 'https') || (!scheme && bare)) {
    throw new AppError('UPSTREAM_SCHEME_NOT_ALLOWED', { field })
  }
  const whole = scheme ? trimmed : `http://${trimmed.replace(/^\/+/, '')}`
  if (/[\s\\]/.test(whole) || !URL.canParse(whole)) throw invalid(field)
  const url = new URL(whole)
  if (url.hostname === '') throw invalid(field)
  url.hash = ''
  return url
}

function credentialsOf(query: URLSearchParams): { username: string; password: string } | null {
  const username = query.get('username') ?? query.get('user')
  const password = query.get('password') ?? query.get('pass')
  return username && password ? { username, password } : null
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
