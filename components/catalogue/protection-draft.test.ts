import { expect, test } from 'vitest'
import type { DrmView } from '@/lib/playback/schema'
import { problemsIn, sayProtection, toInput, wayOf } from './protection-draft'

const key = '00112233445566778899aabbccddeeff'

test('each way becomes what the server takes', () => {
  expect(toInput('keys', { keyId: ` ${key} `, key })).toEqual({ clearKeys: { [key]: key } })
  expect(toInput('packaged', {})).toEqual({ packaged: true })
  const values = {
    fairplay: 'https://a.example/f',
    certificate: 'https://a.example/c',
    form: 'drmtoday',
    header: 'X-T',
    token: 's',
  }
  expect(toInput('servers', values)).toEqual({
    servers: [
      {
        ...{ system: 'com.apple.fps', url: 'https://a.example/f', form: 'drmtoday' },
        ...{ headers: { 'X-T': 's' }, certificateUrl: 'https://a.example/c' },
      },
    ],
  })
})

test.each([
  ['keys', { keyId: key, key: 'short' }, ['key']],
  ['keys', {}, ['keyId', 'key']],
  ['servers', {}, ['widevine']],
  ['servers', { playready: 'licence' }, ['playready']],
  ['servers', { widevine: 'https://a.example', certificate: 'x' }, ['certificate']],
  ['servers', { widevine: 'https://a.example', token: 's' }, ['header']],
  ['servers', { widevine: 'https://a.example', header: 'X-T' }, ['token']],
  ['servers', { widevine: 'https://a.example', header: 'Host', token: 's' }, ['header']],
  ['servers', { widevine: 'https://a.example' }, []],
  ['open', {}, []],
] as const)('%s with %o', (way, values, fields) => {
  expect(Object.keys(problemsIn(way, values))).toEqual(fields)
})

test('what is saved is said without secrets', () => {
  const server: DrmView['servers'][number] = {
    system: 'com.widevine.alpha',
    host: 'a.example',
    form: 'generic',
    headers: ['X-T'],
    hasCertificate: false,
  }
  const view = { servers: [server], keyIds: [], packaged: false }
  expect([wayOf(view), sayProtection(view)]).toEqual(['servers', 'Widevine at a.example · with X-T.'])
  const open = { servers: [], keyIds: [], packaged: false }
  expect([wayOf(open), sayProtection(open)]).toEqual(['open', 'Not protected.'])
  expect(wayOf({ ...open, keyIds: [key] })).toBe('keys')
})
