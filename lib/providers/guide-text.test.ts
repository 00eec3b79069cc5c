import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeGuideText } from './guide-text'

test.each([
  ['TW9ybmluZyBOZXdz', 'Morning News'],
  ['TW9ybmluZyBOZXdzIQ', 'Morning News!'],
  ['News', 'News'],
  ['Plain words here', 'Plain words here'],
  ['', ''],
  [null, null],
])('%j reads as %j', (value, expected) => expect(decodeGuideText(value)).toBe(expected))

test('every text comes back from its own base64, with or without padding, in both alphabets', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), text => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: texts with control characters stay encoded on purpose
      fc.pre(text.isWellFormed() && !/[\u0000-\u001f\u007f]/.test(text) && !text.startsWith('\ufeff'))
      expect(decodeGuideText(Buffer.from(text).toString('base64'))).toBe(text)
      expect(decodeGuideText(Buffer.from(text).toString('base64url'))).toBe(text)
    }),
  )
})
