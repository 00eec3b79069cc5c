import { expect, test } from 'vitest'
import { startDraft, toLineChange, toLineInput } from './device-draft'

test('a name is enough; without a user name one is made', () => {
  const input = toLineInput({ ...startDraft(null), name: ' Living room ' })
  expect(input).toMatchObject({ name: 'Living room', maxConnections: 1, expiresAt: null, providerIds: null })
  expect(input).not.toHaveProperty('username')
})

test('a day lasts until its end', () => {
  const { expiresAt } = toLineInput({ ...startDraft(null), name: 'Attic', until: '2027-03-01' })
  expect(new Date(expiresAt ?? 0)).toEqual(new Date(2027, 2, 1, 23, 59, 59))
})

test('only what was changed is sent', () => {
  const before = startDraft(null)
  expect(toLineChange(before, before)).toEqual({})
  expect(toLineChange(before, { ...before, maxConnections: 3, username: 'ignored' })).toEqual({ maxConnections: 3 })
})
