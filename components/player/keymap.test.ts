import { expect, test } from 'vitest'
import { findAction, findBinding } from './key-bindings'
import { nameKeys } from './key-names'
import { type KeyMode, keymap } from './keymap'

const modes = Object.keys(keymap) as KeyMode[]

test.each(modes)('no key has two meanings in mode %s', mode => {
  const keys = keymap[mode].flatMap(binding => binding.keys)
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([])
})

test.each(modes)('every action of mode %s stands once and can be explained', mode => {
  const actions = keymap[mode].map(binding => binding.action)
  expect(new Set(actions).size).toBe(actions.length)
  for (const binding of keymap[mode]) expect(nameKeys(binding), binding.action).not.toEqual([])
})

test.each(modes)('five keys are enough in mode %s', mode => {
  for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Enter', 'Escape'])
    expect(findAction(mode, key)).not.toBeNull()
})

test.each([
  ['film', 'K', 'toggle'],
  ['film', 'l', 'seekForward'],
  ['live', 'l', 'goLive'],
  ['film', '5', 'percent'],
  ['live', '5', 'digit'],
  ['live', 'Home', 'fromStart'],
  ['replay', 'l', 'goLive'],
  ['replay', '5', 'percent'],
  ['replay', 'PageUp', 'channelUp'],
  ['live', 'PageUp', 'channelUp'],
  ['live', 'Backspace', 'previousChannel'],
  ['film', 'PageUp', null],
  ['liveRemote', 'ArrowUp', 'miniGuide'],
  ['live', 'Enter', 'miniGuide'],
  ['film', 'Enter', 'controls'],
  ['live', 'ColorF3Blue', 'subtitles'],
  ['filmRemote', 'ArrowUp', 'info'],
  ['live', 'ArrowUp', 'volumeUp'],
  ['film', '?', 'help'],
  ['film', 'Ctrl+k', 'search'],
  ['liveRemote', '/', 'search'],
  ['film', 'Ctrl+f', null],
  ['live', 'ArrowRight', 'settings'],
  ['live', 'Shift+ArrowRight', 'seekForward'],
  ['live', 'MediaFastForward', 'seekForward'],
  ['liveRemote', 'MediaSkipForward', 'skipForward'],
  ['film', 'Shift+ArrowLeft', 'seekBack'],
  ['film', 'Shift+Home', 'toStart'],
  ['live', 'Shift+PageUp', 'groupUp'],
  ['replay', 'Shift+PageDown', 'groupDown'],
  ['film', 'Shift+PageUp', null],
  ['live', 'Pad5', 'channelUp'],
  ['film', 'Pad5', 'next'],
  ['live', 'MediaLast', 'previousChannel'],
] as const)('%s %s is %s', (mode, key, action) => {
  expect(findAction(mode, key)).toBe(action)
})

test('held down, OK on a channel is for more of it, and “last channel” for the last ten', () => {
  expect(findBinding('live', 'Enter')?.long).toBe('options')
  expect(findBinding('replayRemote', 'Select')?.long).toBe('options')
  expect(findBinding('film', 'Enter')?.long).toBeUndefined()
  expect(findBinding('live', 'Backspace')?.long).toBe('recentChannels')
})

test('ten, thirty, back and on: each has a key of its own in every mode', () => {
  for (const mode of modes)
    for (const action of ['seekBack', 'seekForward', 'skipBack', 'skipForward'])
      expect(
        keymap[mode].some(binding => binding.action === action),
        `${action} in ${mode}`,
      ).toBe(true)
})
