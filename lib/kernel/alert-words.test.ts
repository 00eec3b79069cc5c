import { expect, test } from 'vitest'
import { alertPath, sayAlert } from './alert-words'

test.each([
  ['alert_began', 0, 'News is bad for everyone who watches it.', '/admin/quality?item=7'],
  ['alert_began', 1, 'News and 1 other are bad for everyone who watches them.', '/admin/quality'],
  ['alert_ended', 0, 'News is fine again.', '/admin/quality?item=7'],
  ['alert_ended', 11, 'News and 11 others are fine again.', '/admin/quality'],
] as const)('%s with %i others', (kind, others, words, path) => {
  expect(sayAlert({ kind, title: 'News', others })).toBe(words)
  expect(alertPath({ itemId: 7, others })).toBe(path)
})
