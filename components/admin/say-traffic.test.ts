import { expect, test } from 'vitest'
import { sayBitrate, sayBytes, sayTicking } from './say-traffic'

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_500, '1.5 kB'],
  [840_000, '840 kB'],
  [999_600, '1.0 MB'],
  [1_234_567_890, '1.2 GB'],
])('%d bytes are %s', (bytes, text) => expect(sayBytes(bytes)).toBe(text))

test.each([
  [0, '0 kbit/s'],
  [4_210, '4.2 Mbit/s'],
  [12_400, '12 Mbit/s'],
])('%d kbit/s are %s', (rate, text) => expect(sayBitrate(rate)).toBe(text))

test.each([
  [-3, '0:00'],
  [7, '0:07'],
  [725, '12:05'],
  [10_929, '3:02:09'],
])('%d seconds tick as %s', (seconds, text) => expect(sayTicking(seconds)).toBe(text))
