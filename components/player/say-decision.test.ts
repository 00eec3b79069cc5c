import { expect, test } from 'vitest'
import { sayCost, sayMode } from './say-decision'

test('every way to play has words of its own', () => {
  const modes = ['direct', 'hls-proxy', 'hls-package', 'file', 'remux', 'audio', 'transcode', 'ladder']
  const unknown = sayMode('of another version')
  expect(new Set([...modes.map(sayMode), unknown]).size).toBe(modes.length + 1)
})

test('what it costs is told in figures of two digits, and nothing where it costs nothing', () => {
  expect([sayCost(0), sayCost(1.0456), sayCost(0.0412)]).toEqual([
    null,
    'That takes about 1 of the server’s processor cores, shared by everybody who watches it like this.',
    'That takes about 0.041 of the server’s processor cores, shared by everybody who watches it like this.',
  ])
})
