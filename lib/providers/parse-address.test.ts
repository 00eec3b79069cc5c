import { describe, expect, test } from 'vitest'
import { parseAddress, parsePlaylistUrl, publicAddress, secretsIn } from './parse-address'

const none = { username: null, password: null }
const ana = { username: 'ana', password: 'pw 1' }

describe('an address as people paste it', () => {
  test.each([
    ['http://tv.example', { base: 'http://tv.example', ...none }],
    ['tv.example:8080', { base: 'http://tv.example:8080', ...none }],
    ['  https://tv.example:8443/ ', { base: 'https://tv.example:8443', ...none }],
    ['TV.Example/iptv/', { base: 'http://tv.example/iptv', ...none }],
    ['http://tv.example/c/', { base: 'http://tv.example', ...none }],
    ['http://tv.example/iptv/c', { base: 'http://tv.example/iptv', ...none }],
    ['http://tv.example/player_api.php?username=ana&password=pw+1', { base: 'http://tv.example', ...ana }],
    ['tv.example/sub/get.php?username=ana&password=pw%201&type=m3u_plus', { base: 'http://tv.example/sub', ...ana }],
    ['http://tv.example:80/xmltv.php?username=ana&password=pw%201', { base: 'http://tv.example', ...ana }],
    ['http://ana:pw%201@tv.example/', { base: 'http://tv.example', ...ana }],
    ['http://tv.example/player_api/ana/pw%201', { base: 'http://tv.example', ...ana }],
    ['http://192.0.2.7:25461', { base: 'http://192.0.2.7:25461', ...none }],
  ])('%s', (text, expected) => {
    expect(parseAddress(text)).toEqual(expected)
  })

  test.each([
    ['', 'UPSTREAM_URL_INVALID'],
    ['http://', 'UPSTREAM_URL_INVALID'],
    ['two words', 'UPSTREAM_URL_INVALID'],
    ['http:\\\\127.0.0.1\\x', 'UPSTREAM_URL_INVALID'],
    ['file:///etc/passwd', 'UPSTREAM_SCHEME_NOT_ALLOWED'],
    ['javascript:alert(1)', 'UPSTREAM_SCHEME_NOT_ALLOWED'],
    ['rtmp://tv.example/live', 'UPSTREAM_SCHEME_NOT_ALLOWED'],
  ])('refuses %j with %s and the field', (text, code) => {
    expect(() => parseAddress(text)).toThrow(expect.objectContaining({ code, field: 'address' }))
  })
})

test('a playlist address stays whole, and people see only where it is', () => {
  const url = parsePlaylistUrl('tv.example/get.php?username=ana&password=hunter22')
  expect(url).toBe('http://tv.example/get.php?username=ana&password=hunter22')
  expect(publicAddress(url)).toBe('http://tv.example')
  expect(secretsIn(url)).toEqual(['ana', 'hunter22'])
})
