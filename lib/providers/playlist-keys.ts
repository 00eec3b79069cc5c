import { z } from 'zod'

/** What a playlist's KODIPROP lines say of a protected stream. Kept sealed: keys and tokens are secrets. */
export const PlaylistKeys = z.object({
  /** Key id to key, both 16 bytes in hexadecimal. */
  clearKeys: z.record(z.string(), z.string()),
  servers: z.array(z.object({ system: z.string(), url: z.string(), headers: z.record(z.string(), z.string()) })),
})
export type PlaylistKeys = z.infer<typeof PlaylistKeys>

/** Lines as inputstream.adaptive documents them, by name without its `inputstream.adaptive.`. */
export type KodiProperties = Readonly<Record<string, string>>

const systems: Readonly<Record<string, string>> = {
  clearkey: 'org.w3.clearkey',
  'org.w3.clearkey': 'org.w3.clearkey',
  'com.widevine.alpha': 'com.widevine.alpha',
  widevine: 'com.widevine.alpha',
  'com.microsoft.playready': 'com.microsoft.playready',
  playready: 'com.microsoft.playready',
}

const MAX_LINE = 8_192

/** Reads one `#KODIPROP:name=value` line; null for what does not concern keys. */
export function readKodiProperty(line: string): [name: string, value: string] | null {
  const [, name, value] = /^\s*inputstream\.adaptive\.(license_type|license_key|drm_legacy|drm)\s*=\s*(.*)$/i.exec(line) ?? []
  return name === undefined || value === undefined || value.length > MAX_LINE ? null : [name.toLowerCase(), value.trim()]
}

/** The keys and licence servers that an entry's lines name; null when they name none that can be read. */
export function readPlaylistKeys({ license_type, license_key, drm_legacy, drm }: KodiProperties): PlaylistKeys | null {
  if (drm !== undefined) return readObject(drm)
  if (drm_legacy !== undefined) {
    const [type = '', key = '', headers = ''] = drm_legacy.split('|')
    return readKey(type, headers === '' ? key : `${key}|${headers}`)
  }
  return license_key === undefined ? null : readKey(license_type ?? 'clearkey', license_key)
}

function readKey(type: string, text: string): PlaylistKeys | null {
  const system = systems[type.trim().toLowerCase()]
  if (system === undefined) return null
  if (/^https?:\/\//i.test(text)) {
    // URL|headers|body|response: only the plain challenge and answer are understood.
    const [url = '', headers = ''] = text.split('|')
    return URL.canParse(url) ? { clearKeys: {}, servers: [{ system, url, headers: readHeaders(headers) }] } : null
  }
  if (system !== 'org.w3.clearkey') return null
  const clearKeys = readClearKeys(text)
  return Object.keys(clearKeys).length === 0 ? null : { clearKeys, servers: [] }
}

/** `kid:key,kid:key` in hexadecimal, or JSON: a map, or a JWK set with base64url. */
function readClearKeys(text: string): Record<string, string> {
  if (!text.startsWith('{')) {
    return pairsOf(text.split(',').map(pair => pair.split(':') as [string, string]))
  }
  const parsed = parseJson(text)
  const set = z.object({ keys: z.array(z.object({ kid: z.string(), k: z.string() })) }).safeParse(parsed).data
  if (set !== undefined) return pairsOf(set.keys.map(({ kid, k }) => [fromBase64(kid), fromBase64(k)]))
  return pairsOf(Object.entries(z.record(z.string(), z.string()).safeParse(parsed).data ?? {}))
}

function pairsOf(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const tidy = pairs.map(([kid, key]) => [toHex(kid), toHex(key)] as const)
  return Object.fromEntries(tidy.filter(([kid, key]) => /^[0-9a-f]{32}$/.test(kid) && /^[0-9a-f]{32}$/.test(key)))
}

/** Key ids are also written as UUIDs. */
const toHex = (text = '') => text.trim().replace(/-/g, '').toLowerCase()
const fromBase64 = (text: string) => Buffer.from(text, 'base64url').toString('hex')

function readHeaders(text: string): Record<string, string> {
  return Object.fromEntries(
    [...new URLSearchParams(text)].filter(([name, value]) => /^[A-Za-z0-9-]+$/.test(name) && value !== ''),
  )
}

const DrmObject = z.record(
  z.string(),
  z.object({
    license: z
      .object({
        server_url: z.string().optional(),
        req_headers: z.string().default(''),
        keyids: z.record(z.string(), z.string()).optional(),
      })
      .default({ req_headers: '' }),
  }),
)

/** `drm={"org.w3.clearkey":{"license":{"keyids":{…}}}}`, the form of Kodi 22. */
function readObject(text: string): PlaylistKeys | null {
  const parsed = DrmObject.safeParse(parseJson(text)).data
  if (parsed === undefined) return null
  const found: PlaylistKeys = { clearKeys: {}, servers: [] }
  for (const [name, { license }] of Object.entries(parsed)) {
    const system = systems[name.toLowerCase()]
    if (system === undefined) continue
    if (license.keyids !== undefined) Object.assign(found.clearKeys, pairsOf(Object.entries(license.keyids)))
    const url = license.server_url
    if (url !== undefined && URL.canParse(url)) found.servers.push({ system, url, headers: readHeaders(license.req_headers) })
  }
  return Object.keys(found.clearKeys).length + found.servers.length === 0 ? null : found
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
