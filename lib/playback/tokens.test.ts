import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppError } from '@/lib/kernel/errors'
import { openHandle, sealHandle } from './handles'
import { fixedKeyring, type SigningKey } from './keyring'
import { signToken, type TokenClaims, type TokenScope, verifyToken } from './tokens'

const key = (id: string): SigningKey => ({ id, secret: Buffer.alloc(32, id) })
const keyring = fixedKeyring(key('k2'), key('k1'))
const now = 1_800_000_000
const claims: TokenClaims = {
  sessionId: '11111111-1111-4111-8111-111111111111',
  profileId: '22222222-2222-4222-8222-222222222222',
  itemId: 7,
  sourceId: 70,
  kind: 'live',
  issuedAt: now,
  expiresAt: now + 60,
}
const token = signToken(keyring, claims)

function codeOf(run: () => unknown): string {
  try {
    run()
    return 'accepted'
  } catch (error) {
    return error instanceof AppError ? error.code : String(error)
  }
}

const verify = (text: string, at = now, scope: TokenScope = {}) => codeOf(() => verifyToken(keyring, text, { now: at, scope }))

test('a token gives back its claims, also after one rotation', () => {
  expect(verifyToken(keyring, token, { now })).toEqual(claims)
  const old = signToken(fixedKeyring(key('k1')), claims)
  expect(verify(old)).toBe('accepted')
})

describe('bad tokens', () => {
  const [version, id, payload, mac] = token.split('.') as [string, string, string, string]
  const flipped = `${mac.slice(0, -2)}${mac.at(-2) === 'A' ? 'B' : 'A'}${mac.at(-1)}`
  test.each<[number, string, string]>([
    [116, '', 'TOKEN_INVALID'],
    [117, ['v0', id, payload, mac].join('.'), 'TOKEN_INVALID'],
    [117, ['none', id, payload, ''].join('.'), 'TOKEN_INVALID'],
    [118, [version, 'k9', payload, mac].join('.'), 'TOKEN_INVALID'],
    [119, [version, id, payload, flipped].join('.'), 'TOKEN_INVALID'],
    [120, [version, id, payload, Buffer.from(mac, 'base64url').subarray(0, 4).toString('base64url')].join('.'), 'TOKEN_INVALID'],
    [121, `${token}!!!`, 'TOKEN_INVALID'],
    [121, `${token}=`, 'TOKEN_INVALID'],
    [121, `${token}.x`, 'TOKEN_INVALID'],
    [121, [version, id, `${payload}=`, mac].join('.'), 'TOKEN_INVALID'],
    [123, signToken(keyring, { ...claims, issuedAt: now + 3_600, expiresAt: now + 7_200 }), 'TOKEN_INVALID'],
    [127, `${token}${'a'.repeat(100_000)}`, 'TOKEN_TOO_LONG'],
    [128, signToken(fixedKeyring(key('k0')), claims), 'TOKEN_INVALID'],
  ])('D6-%i', (_number, text, code) => {
    expect(verify(text)).toBe(code)
  })

  test('D6-122: 30 seconds of clock difference are forgiven, 31 are not', () => {
    expect([verify(token, claims.expiresAt + 30), verify(token, claims.expiresAt + 31)]).toEqual(['accepted', 'TOKEN_EXPIRED'])
  })

  test.each<[number, TokenScope]>([
    [124, { itemId: 8 }],
    [125, { kind: 'recording' }],
    [126, { profileId: '33333333-3333-4333-8333-333333333333' }],
  ])('D6-%i: a token is for one thing only', (_number, scope) => {
    expect(verify(token, now, scope)).toBe('TOKEN_SCOPE')
  })

  test('any change to any place is noticed', () => {
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.integer({ min: 33, max: 126 }), (at, code) => {
        const changed = token.slice(0, at) + String.fromCharCode(code) + token.slice(at + 1)
        return changed === token || verify(changed) !== 'accepted'
      }),
      { seed: 1, numRuns: 2_000 },
    )
  })
})

describe('handles', () => {
  const handle = { url: 'http://provider.example/live/user/pass/1.ts', role: 'segment', depth: 1 } as const
  const sealed = sealHandle(keyring, 's1', handle)

  test('open for the same session, under the old key too, and show nothing', () => {
    expect(openHandle(keyring, 's1', sealed)).toEqual(handle)
    expect(openHandle(keyring, 's1', sealHandle(fixedKeyring(key('k1')), 's1', handle))).toEqual(handle)
    expect(sealed).toMatch(/^k2~[A-Za-z0-9_-]+$/)
    expect(Buffer.from(sealed.slice(3), 'base64url').includes('provider')).toBe(false)
  })

  test('are the same text each time, and another text in another session', () => {
    expect(sealHandle(keyring, 's1', handle)).toBe(sealed)
    expect(sealHandle(keyring, 's2', handle)).not.toBe(sealed)
  })

  test.each([
    ['another session', 's2', sealed],
    ['cut', 's1', sealed.slice(0, -4)],
    ['padded', 's1', `${sealed}=`],
    ['doubled', 's1', `${sealed}~x`],
    ['empty', 's1', ''],
    ['a plain address', 's1', 'http://127.0.0.1/'],
    ['retired key', 's1', sealHandle(fixedKeyring(key('k0')), 's1', handle)],
  ])('%s is refused', (_name, session, text) => {
    expect(codeOf(() => openHandle(keyring, session, text))).toBe('TOKEN_INVALID')
  })
})
