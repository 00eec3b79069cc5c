import { expect, test } from 'vitest'
import type { PlaybackPolicy } from './decide'
import { AudioFacts, unseen, VideoFacts } from './facts'
import { findOtherWays, type PassedSource } from './other-ways'

const policy: PlaybackPolicy = {
  allowsDirect: false,
  canConvert: true,
  decodes: () => true,
  freeCores: 0.25,
  maxHeight: null,
  accountHeight: null,
  ladder: 'off',
  qualities: [],
  keySystems: [],
  isProtected: false,
  convert: null,
}

function passed(codec: string, change: Partial<PlaybackPolicy>, isFull = false): PassedSource {
  const video = VideoFacts.parse({ codec, width: 1280, height: 720, frameRate: 25 })
  const source = { ...unseen('mpegts'), video, audio: [AudioFacts.parse({ codec: 'aac' })] }
  const capabilities = { video: ['h264' as const], audio: ['aac' as const], containers: ['mp4' as const] }
  return { id: 7, name: 'Second', isFull, input: { kind: 'channel', source, capabilities, policy: { ...policy, ...change } } }
}

test('a picture small enough for what is left of the server', () => {
  expect(findOtherWays([passed('hevc', {})])).toEqual([{ way: 'smaller', maxHeight: 360 }])
  expect(findOtherWays([passed('hevc', { freeCores: 0 })])).toEqual([])
})

test('as it comes, where only the viewer asked for less; never beyond what the account includes', () => {
  const asked = { freeCores: 0, maxHeight: 480 }
  expect(findOtherWays([passed('h264', asked)])).toEqual([{ way: 'as-is' }])
  expect(findOtherWays([passed('h264', { ...asked, accountHeight: 480 })])).toEqual([])
  expect(findOtherWays([passed('hevc', asked)])).toEqual([])
})

test('a source that needs no converting, whose connections are taken', () => {
  const busy = passed('hevc', { freeCores: 0 })
  expect(findOtherWays([busy, passed('h264', { freeCores: 0 }, true)])).toEqual([{ way: 'source', sourceId: 7, name: 'Second' }])
  expect(findOtherWays([busy, passed('hevc', { freeCores: 0 }, true)])).toEqual([])
})
