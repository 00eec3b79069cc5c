import { expect, test } from 'vitest'
import { newKey, open, parseKeys, seal } from './secrets'

const place = { table: 'provider', column: 'secret', row: 7 }
const [old] = parseKeys(`old1:${Buffer.alloc(32, 1).toString('base64')}`)
const ring = parseKeys(newKey())

test('what is sealed opens in its own row only', () => {
  const sealed = seal('geheim', place, ring)
  expect(sealed).not.toContain('geheim')
  expect(open(sealed, place, ring)).toBe('geheim')
  expect(() => open(sealed, { ...place, row: 8 }, ring)).toThrow(expect.objectContaining({ code: 'SECRET_UNREADABLE' }))
})

test('a shortened tag or a changed byte does not open', () => {
  const parts = seal('geheim', place, ring).split(':')
  const withPart = (index: number, value: string) => parts.map((part, i) => (i === index ? value : part)).join(':')
  for (const bad of [withPart(3, 'AAAA'), withPart(4, `A${parts[4]}`), withPart(1, 'none'), 'v1', '']) {
    expect(() => open(bad, place, ring), bad).toThrow(expect.objectContaining({ code: 'SECRET_UNREADABLE' }))
  }
})

test('after rotation the old seal still opens and new seals carry the new key', () => {
  if (!old) throw new Error('no key')
  const sealed = seal('geheim', place, [old])
  const rotated = [...ring, old]
  expect(open(sealed, place, rotated)).toBe('geheim')
  expect(seal('x', place, rotated).split(':')[1]).toBe(ring[0]?.id)
})

test('keys of the wrong length are refused', () => {
  expect(() => parseKeys('a:AAAA')).toThrow('SECRET_KEYS')
})
