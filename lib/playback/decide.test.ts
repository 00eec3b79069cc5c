import { expect, test } from 'vitest'
import { type DecisionInput, decidePlayback } from './decide'

const chromium: DecisionInput['capabilities'] = {
  video: ['h264', 'av1', 'vp9'],
  audio: ['aac', 'mp3', 'opus'],
  containers: ['mp4', 'webm'],
}
const unknown = { container: null, video: null, audio: null }

const rows: [string, Partial<DecisionInput>, string, string][] = [
  ['a channel never seen', { kind: 'channel', source: unknown }, 'hls-package', 'LIVE_UNKNOWN_CODECS'],
  [
    'a channel of H.264 and AAC',
    { kind: 'channel', source: { container: 'mpegts', video: 'h264', audio: 'aac' } },
    'hls-package',
    'LIVE_PACKAGED',
  ],
  ['radio', { kind: 'channel', source: { container: 'mpegts', video: null, audio: 'aac' } }, 'hls-package', 'LIVE_PACKAGED'],
  [
    'a channel of HEVC',
    { kind: 'channel', source: { container: 'mpegts', video: 'hevc', audio: 'aac' } },
    'unsupported',
    'VIDEO_CODEC',
  ],
  [
    'a channel with layer II sound',
    { kind: 'channel', source: { container: 'mpegts', video: 'h264', audio: 'mp2' } },
    'unsupported',
    'AUDIO_CODEC',
  ],
  [
    'HLS of the provider',
    { kind: 'channel', source: { container: 'hls', video: null, audio: null } },
    'hls-proxy',
    'HLS_FROM_PROVIDER',
  ],
  [
    'HLS of the provider, direct allowed',
    { source: { container: 'hls', video: null, audio: null }, policy: { allowsDirect: true } },
    'direct',
    'DIRECT_FROM_PROVIDER',
  ],
  ['an MP4 film', { kind: 'movie', source: { container: 'mp4', video: 'h264', audio: 'aac' } }, 'file', 'FILE_AS_IS'],
  ['a film never seen', { kind: 'movie', source: unknown }, 'file', 'FILE_UNKNOWN_CODECS'],
  ['an MKV film', { kind: 'episode', source: { container: 'matroska', video: null, audio: null } }, 'unsupported', 'CONTAINER'],
  ['an AVI film', { kind: 'movie', source: { container: 'other', video: null, audio: null } }, 'unsupported', 'CONTAINER'],
  [
    'an MP4 film with Dolby',
    { kind: 'movie', source: { container: 'mp4', video: 'h264', audio: 'ac3' } },
    'unsupported',
    'AUDIO_CODEC',
  ],
  [
    'a film as a transport stream',
    { kind: 'movie', source: { container: 'mpegts', video: 'h264', audio: 'aac' } },
    'unsupported',
    'CONTAINER',
  ],
]

test.each(rows)('%s', (_name, part, mode, code) => {
  const decision = decidePlayback({
    kind: 'channel',
    source: unknown,
    capabilities: chromium,
    policy: { allowsDirect: false },
    ...part,
  })
  expect([decision.mode, decision.code]).toEqual([mode, code])
  expect(decision.message).toMatch(/^[A-Z].*\.$/)
})
