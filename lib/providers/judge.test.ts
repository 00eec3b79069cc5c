import { describe, expect, test } from 'vitest'
import { readAccountStatus, requireUsable } from './account-status'
import { codeOfStatus, judgeLogin, parseRetryAfter } from './judge'

const page = (title: string) =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body></html>`

function judge(status: number, body: string, known: boolean) {
  try {
    judgeLogin({ status, retryAfter: null, body: Buffer.from(body) }, known)
    return 'accepted'
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('the answer to a login', () => {
  test.each([
    [200, '{"user_info":{"auth":1}}', 'accepted', 'accepted'],
    [200, 'Warning: x\n{"user_info":{"auth":"1"}}', 'accepted', 'accepted'],
    [200, '{"user_info":{"auth":0}}', 'PROVIDER_REFUSED', 'PROVIDER_REFUSED'],
    [200, '{"user_info":{"username":"a"}}', 'PROVIDER_REFUSED', 'PROVIDER_REFUSED'],
    [200, '{"user_info":null}', 'PROVIDER_BAD_RESPONSE', 'PROVIDER_BAD_RESPONSE'],
    [200, '', 'PROVIDER_BAD_RESPONSE', 'PROVIDER_BAD_RESPONSE'],
    [200, page('Welcome to nginx!'), 'PROVIDER_BAD_RESPONSE', 'PROVIDER_NOT_XTREAM'],
    [200, '{"hello":1}', 'PROVIDER_BAD_RESPONSE', 'PROVIDER_NOT_XTREAM'],
    [200, 'blocked', 'PROVIDER_BLOCKS_US', 'PROVIDER_BLOCKS_US'],
    [404, page('404 Not Found'), 'PROVIDER_REFUSED', 'PROVIDER_REFUSED'],
    [404, '<h1>Not Found</h1>', 'PROVIDER_BAD_RESPONSE', 'PROVIDER_NOT_XTREAM'],
    [401, '{"error":"Unauthorized"}', 'PROVIDER_REFUSED', 'PROVIDER_REFUSED'],
    [403, '', 'PROVIDER_BLOCKS_US', 'PROVIDER_BLOCKS_US'],
    [429, '', 'PROVIDER_BUSY', 'PROVIDER_BUSY'],
    [520, '', 'PROVIDER_DOWN', 'PROVIDER_DOWN'],
  ])('%i %j', (status, body, known, fresh) => {
    expect(judge(status, body, true)).toBe(known)
    expect(judge(status, body, false)).toBe(fresh)
  })
})

test('odd codes of panels and CDNs', () => {
  expect([454, 458, 509, 884, 503, 504, 526].map(status => codeOfStatus(status, true))).toEqual([
    'PROVIDER_REFUSED',
    'PROVIDER_LIMIT',
    'PROVIDER_LIMIT',
    'PROVIDER_BLOCKS_US',
    'PROVIDER_BUSY',
    'UPSTREAM_TIMEOUT',
    'PROVIDER_DOWN',
  ])
  expect(parseRetryAfter('7')).toBe(7)
  expect(parseRetryAfter('Thu, 01 Jan 1970 00:00:30 GMT', 0)).toBe(30)
  expect(parseRetryAfter(undefined)).toBeNull()
})

describe('the account', () => {
  const now = Date.UTC(2026, 0, 1)
  const status = (user: object, server: object = {}) => readAccountStatus({ user_info: user, server_info: server }, now)
  test('in canonical form', () => {
    const server = { timestamp_now: 1_767_225_600, time_now: '2026-01-01 01:00:00' }
    const user = {
      status: 'Active',
      exp_date: '1924905600',
      max_connections: '2',
      active_cons: '1',
      allowed_output_formats: ['ts'],
    }
    expect(status(user, server)).toMatchObject({ status: 'active', maxConnections: 2, clockOffsetMinutes: 60, formats: ['ts'] })
  })
  test('with everything missing or strange', () => {
    expect(status({ exp_date: 'Unlimited', max_connections: '0', allowed_output_formats: { 0: 'TS' } })).toEqual({
      status: 'unknown',
      expiresAt: null,
      activeConnections: null,
      maxConnections: null,
      trial: false,
      clockOffsetMinutes: 0,
      formats: ['ts'],
    })
  })
  test('that has run out', () => {
    expect(() => requireUsable(status({ status: 'Active', exp_date: '1700000000' }))).toThrow(
      expect.objectContaining({ code: 'PROVIDER_EXPIRED', say: expect.stringContaining('2023-11-14') }),
    )
    expect(() => requireUsable(status({ status: 'Banned' }))).toThrow(expect.objectContaining({ code: 'PROVIDER_BANNED' }))
  })
})
