import { expect, test } from 'vitest'
import { readKey } from './read-key'

test.each([
  ['Unidentified', 427, 'ChannelUp'],
  ['', 10009, 'GoBack'],
  ['XF86PreviousChannel', 10190, 'MediaLast'],
  ['XF86Back', 10009, 'GoBack'],
  ['XF86Back', 0, 'XF86Back'],
  ['Unidentified', 1, 'Unidentified'],
  ['a', 65, 'a'],
])('key %s with number %d is %s', (key, keyCode, name) => {
  expect(readKey({ key, keyCode })).toBe(name)
})

const plain = { keyCode: 0, ctrlKey: false, metaKey: false, shiftKey: false }

test('what is held beside a key is in its name where the letter does not tell it', () => {
  expect(readKey({ ...plain, key: 'K', ctrlKey: true, shiftKey: true })).toBe('Ctrl+k')
  expect(readKey({ ...plain, key: 'k', metaKey: true })).toBe('Ctrl+k')
  expect(readKey({ ...plain, key: 'PageUp', shiftKey: true })).toBe('Shift+PageUp')
  expect(readKey({ ...plain, key: '?', shiftKey: true })).toBe('?')
  expect(readKey({ ...plain, key: 'Shift', shiftKey: true })).toBe('Shift')
})
