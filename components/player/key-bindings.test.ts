import { expect, test } from 'vitest'
import { bindingsOf, bindKey, findAction, findConflict, isFree, keysOf, listBindable } from './key-bindings'
import { nameKeys } from './key-names'

test('a chosen key takes the place of the usual ones and leaves hardware keys', () => {
  const custom = bindKey({}, 'toggle', 'Q')
  expect(findAction('film', 'q', custom)).toBe('toggle')
  expect(findAction('film', 'k', custom)).toBeNull()
  expect(findAction('film', 'MediaPlayPause', custom)).toBe('toggle')
})

test('OK and the arrows of a remote go on opening what they open', () => {
  const custom = bindKey({}, 'controls', 'q')
  expect(findAction('film', 'Enter', custom)).toBe('controls')
  expect(findAction('liveRemote', 'ArrowDown', custom)).toBe('controls')
})

test('a key that was given away does its new work in every mode', () => {
  const custom = bindKey({}, 'mute', 'l')
  expect(findAction('film', 'l', custom)).toBe('mute')
  expect(findAction('live', 'l', custom)).toBe('mute')
})

test('a key is chosen for one action only', () => {
  const custom = bindKey(bindKey({}, 'mute', 'q'), 'help', 'q')
  expect(custom).toEqual({ help: ['q'] })
  expect(findAction('live', 'm', custom)).toBe('mute')
})

test.each([
  ['mute', 'f', 'fullScreen'],
  ['mute', 'm', null],
  ['mute', 'q', null],
  ['goLive', 'j', 'seekBack'],
  ['miniGuide', 'n', null],
  ['previousChannel', 'n', 'next'],
] as const)('%s on %s would cost %s', (action, key, other) => {
  expect(findConflict(action, key, {})).toBe(other)
})

test.each(['Escape', 'Enter', 'Tab', '5', 'Ctrl+w'])('%s cannot be given away', key => {
  expect(isFree(key)).toBe(false)
})

test('every action that can be bound has a key to show in its mode', () => {
  expect(listBindable().length).toBeGreaterThan(20)
  for (const binding of bindingsOf('live', bindKey({}, 'mute', 'q'))) expect(nameKeys(binding), binding.action).not.toEqual([])
})

test('a button of a gamepad is chosen beside the key, and leaves what it meant', () => {
  const custom = bindKey(bindKey({}, 'mute', 'q'), 'mute', 'Pad5')
  expect(findAction('live', 'q', custom)).toBe('mute')
  expect(findAction('live', 'Pad5', custom)).toBe('mute')
  expect(findAction('live', 'PageUp', custom)).toBe('channelUp')
  expect(findAction('live', 'Pad11', custom)).toBeNull()
  expect(keysOf('mute', bindKey(custom, 'mute', 'Pad3'))).toEqual(['Pad3', 'q', 'AudioVolumeMute'])
  expect(findConflict('mute', 'Pad9', {})).toBe('settings')
})

test('Back takes another key and never loses its own', () => {
  const custom = bindKey({}, 'back', 'q')
  expect(findAction('live', 'q', custom)).toBe('back')
  expect(findAction('live', 'Escape', custom)).toBe('back')
  expect(findAction('live', 'GoBack', custom)).toBe('back')
})

test('Ctrl K goes on searching whatever else does', () => {
  const custom = bindKey({}, 'search', 'q')
  expect(findAction('live', 'Ctrl+k', custom)).toBe('search')
  expect(findAction('live', '/', custom)).toBeNull()
})
