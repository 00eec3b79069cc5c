import { beforeEach, expect, test, vi } from 'vitest'
import { originOf, peekOrigin } from './origin'

const known = { origins: ['http://tv.example'] }
const hour = 3_600_000

beforeEach(() => {
  vi.useFakeTimers({ now: Date.now() + 2 * hour, toFake: ['Date'] })
})

test('peeking at an address of the house notes nothing; a name of ours needs no note', () => {
  expect(peekOrigin('10.0.0.1:3000', known)).toBeNull()
  expect(peekOrigin('10.0.0.1:3000', known)).toBeNull()
  expect(originOf('10.0.0.1:3000', known).href).toBe('http://10.0.0.1:3000')
  expect(peekOrigin('10.0.0.1:3000', known)?.href).toBe('http://10.0.0.1:3000')
  expect(peekOrigin('tv.example', known)?.href).toBe('http://tv.example')
  expect(peekOrigin('evil.example', known)?.href).toBe('http://tv.example')
})

test('sixteen addresses of the house are known at a time; one that nobody uses gives way after an hour', () => {
  const hosts = Array.from({ length: 16 }, (_, n) => `10.0.1.${n}`)
  for (const host of hosts) expect(originOf(host, known).href).toBe(`http://${host}`)
  expect(originOf('10.0.1.99', known).href).toBe('http://tv.example')
  vi.setSystemTime(Date.now() + hour - 1)
  expect(originOf('10.0.1.0', known).href).toBe('http://10.0.1.0')
  vi.setSystemTime(Date.now() + 1)
  expect(originOf('10.0.1.99', known).href).toBe('http://10.0.1.99')
  expect(peekOrigin('10.0.1.1', known)).toBeNull()
  expect(peekOrigin('10.0.1.0', known)?.href).toBe('http://10.0.1.0')
  expect(originOf('10.0.1.98', known).href).toBe('http://10.0.1.98')
})
