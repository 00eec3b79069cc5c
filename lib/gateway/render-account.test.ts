import { afterEach, expect, test, vi } from 'vitest'
import type { LineRecord } from '@/lib/accounts'
import type { Origin } from './origin'
import { renderAccount, renderAccountEnd, renderAccountHead } from './render-account'

const line = {
  username: 'tv "one"',
  formats: ['ts', 'm3u8'],
  maxConnections: 2,
  expiresAt: null,
  accessEndsAt: new Date('2027-01-31T00:00:00Z'),
  createdAt: new Date('2026-01-31T00:00:00Z'),
} as LineRecord
const origin: Origin = { protocol: 'https', hostname: 'tv.example', port: '8443', href: 'https://tv.example:8443' }

afterEach(() => vi.useRealTimers())

test('head and end are the account answer to the byte, and the clock goes on', () => {
  const known = { line, origin, password: 'é}}', activeConnections: 1 }
  const head = renderAccountHead(known)
  for (const now of ['2026-11-24T09:59:59.999Z', '2026-11-24T10:00:00.000Z', '2026-11-24T10:00:00.900Z']) {
    vi.useFakeTimers({ now: new Date(now), toFake: ['Date'] })
    expect(head + renderAccountEnd()).toBe(JSON.stringify(renderAccount(known)))
  }
  expect(JSON.parse(head + renderAccountEnd()).server_info).toMatchObject({
    port: '80',
    https_port: '8443',
    time_now: '2026-11-24 10:00:00',
  })
})
