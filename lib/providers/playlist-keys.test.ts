import { expect, test } from 'vitest'
import { readKodiProperty, readPlaylistKeys } from './playlist-keys'

const kid = '00112233445566778899aabbccddeeff'
const key = 'ffeeddccbbaa99887766554433221100'
const lines = (...texts: string[]) =>
  readPlaylistKeys(
    Object.fromEntries(
      texts.flatMap(text => {
        const found = readKodiProperty(text)
        return found === null ? [] : [found]
      }),
    ),
  )
const own = (name: string) => `inputstream.adaptive.${name}`
const clear = { clearKeys: { [kid]: key }, servers: [] }

test.each([
  ['pairs', [own('license_type=clearkey'), own(`license_key=${kid}:${key}`)]],
  ['pairs in capitals', [own('license_type=org.w3.clearkey'), own(`license_key=${kid.toUpperCase()}:${key.toUpperCase()}`)]],
  ['a map', [own('license_type=clearkey'), own(`license_key={"${kid}":"${key}"}`)]],
  [
    'a set of web keys',
    [
      own('license_type=clearkey'),
      own(`license_key={"keys":[{"kty":"oct","kid":"${b64(kid)}","k":"${b64(key)}"}],"type":"temporary"}`),
    ],
  ],
  ['one line', [own(`drm_legacy=org.w3.clearkey|${kid}:${key}`)]],
  ['an object', [own(`drm={"org.w3.clearkey":{"license":{"keyids":{"${kid}":"${key}"}}}}`)]],
  ['no type', [own(`license_key=${kid}:${key}`)]],
])('clear keys as %s', (_name, texts) => {
  expect(lines(...texts)).toEqual(clear)
})

test.each([
  [
    'the old line',
    own('license_key=https://lic.example/wv|X-Token=a%20b&User-Agent=x|R{SSM}|R'),
    own('license_type=com.widevine.alpha'),
  ],
  ['one line', own('drm_legacy=com.widevine.alpha|https://lic.example/wv|X-Token=a%20b&User-Agent=x'), ''],
  [
    'an object',
    own(
      'drm={"com.widevine.alpha":{"license":{"server_url":"https://lic.example/wv","req_headers":"X-Token=a%20b&User-Agent=x"}}}',
    ),
    '',
  ],
])('a licence server with headers: %s', (_name, first, second) => {
  const servers = [
    { system: 'com.widevine.alpha', url: 'https://lic.example/wv', headers: { 'X-Token': 'a b', 'User-Agent': 'x' } },
  ]
  expect(lines(first, second)).toEqual({ clearKeys: {}, servers })
})

test.each([
  [own('license_key=not:hex')],
  [own('license_type=com.widevine.alpha'), own(`license_key=${kid}:${key}`)],
  [own('drm=[]')],
  [own('drm={"unknown":{}}')],
  ['inputstream=inputstream.adaptive'],
  [own('manifest_type=mpd')],
  [own(`license_key=${'a'.repeat(9_000)}`)],
])('nothing readable: %s', (...texts) => {
  expect(lines(...texts)).toBeNull()
})

function b64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64url')
}
