import { expect, test } from 'vitest'
import { type AudioFacts, parseFacts, type SourceFacts, unseen } from './facts'
import { sayFacts } from './say-facts'

const sound = (codec: string, channels: number | null, language: string | null = null): AudioFacts => ({
  ...{ codec, channels, language },
  ...{ codecString: null, title: null, isDefault: false },
})
const text = (codec: string) => ({ codec, language: null, title: null, isDefault: false, isForced: false })

const broadcast: SourceFacts = {
  ...unseen('mpegts'),
  video: {
    ...{ codec: 'h264', codecString: 'avc1.640029', width: 1_920, height: 1_080 },
    ...{ frameRate: 25, interlaced: true, bitDepth: 8, isHdr: false, openGroups: null },
  },
  audio: [sound('aac', 2, 'ger'), sound('mp2', 1)],
  subtitles: [text('dvb_teletext'), text('dvb_subtitle'), text('dvb_teletext')],
  bitrate: 5_214,
  keyframeSeconds: 1.96,
}

test('a broadcast in one line', () => {
  expect(sayFacts(broadcast)).toBe(
    '1920 × 1080 · 25/s interlaced · H.264 High 4.1 · AAC 2 channels (ger), MPEG layer II 1 channel · teletext · subtitles · 5.2 Mbit/s · key frame every 2 s',
  )
})

test('what is not known is not said', () => {
  expect(sayFacts(null)).toBeNull()
  expect(sayFacts(unseen('hls'))).toBeNull()
  const video = {
    ...broadcast.video,
    codec: 'hevc',
    codecString: null,
    width: null,
    frameRate: 24_000 / 1_001,
    interlaced: false,
  }
  expect(sayFacts({ ...unseen('mp4'), video: { ...video, isHdr: true } as SourceFacts['video'] })).toBe('23.98/s · HEVC HDR')
})

test('many languages are counted', () => {
  const audio = ['eng', 'ger', 'fre', 'ita', 'spa', 'por'].map(language => sound('ac3', 6, language))
  expect(sayFacts({ ...unseen('matroska'), audio })).toMatch(/^Dolby Digital 6 channels \(eng\), .*\(ita\), 2 more$/)
})

test('what is stored beside it, of the file and its address, is never said', () => {
  const stored = { ...broadcast, file: { size: 1, etag: 'secret' }, url: 'http://provider.example/user/password/1' }
  expect(sayFacts(parseFacts(stored))).toBe(sayFacts(broadcast))
})
