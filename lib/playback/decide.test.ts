import { expect, test } from 'vitest'
import { conversionCost } from './conversion-cost'
import { type DecisionInput, decidePlayback, type PlaybackPolicy, refusalOf } from './decide'
import { AudioFacts, parseFacts, type SourceFacts, SubtitleFacts, unseen, VideoFacts } from './facts'
import { ConversionSettings } from './schema'

const chromium: DecisionInput['capabilities'] = {
  video: ['h264', 'av1', 'vp9'],
  audio: ['aac', 'mp3', 'opus'],
  containers: ['mp4', 'webm'],
}
const policy: PlaybackPolicy = {
  allowsDirect: false,
  canConvert: true,
  decodes: codec => codec !== 'unknown' && codec !== 'wmapro',
  freeCores: 4,
  maxHeight: null,
  ...ConversionSettings.parse({}),
  isProtected: false,
  convert: null,
}
const alone: Partial<PlaybackPolicy> = { canConvert: false, freeCores: 0 }
const full: Partial<PlaybackPolicy> = { freeCores: 0 }
const inOrder: Partial<VideoFacts> = { codecString: 'avc1.640028' }
const always: Partial<PlaybackPolicy> = { ladder: 'always' }
const converting: Partial<PlaybackPolicy> = { ladder: 'converting' }
/** One quality of 720 lines takes 0.45. */
const tight: Partial<PlaybackPolicy> = { freeCores: 0.5 }

/** `container picture[options] sound+sound` in short. */
function source(container: SourceFacts['container'], video: string | null, ...audio: string[]): SourceFacts {
  const picture = video === null ? null : VideoFacts.parse({ codec: video, width: 1280, height: 720, frameRate: 25 })
  return { ...unseen(container), video: picture, audio: audio.map(codec => AudioFacts.parse({ codec })) }
}
const picture = (facts: SourceFacts, more: Partial<VideoFacts>): SourceFacts =>
  facts.video === null ? facts : { ...facts, video: { ...facts.video, ...more } }
const titled = (facts: SourceFacts): SourceFacts => ({ ...facts, subtitles: [SubtitleFacts.parse({ codec: 'subrip' })] })

const seenLive = source('mpegts', 'h264', 'aac')
type Row = [name: string, kind: DecisionInput['kind'], source: SourceFacts, policy: Partial<PlaybackPolicy>, answer: string]

const rows: Row[] = [
  ['a channel never seen', 'channel', unseen(null), {}, 'hls-package LIVE_UNKNOWN_CODECS'],
  ['a channel of H.264 and AAC', 'channel', seenLive, {}, 'hls-package LIVE_PACKAGED'],
  ['radio', 'channel', source('mpegts', null, 'aac'), {}, 'hls-package LIVE_PACKAGED'],
  ['radio in layer II', 'channel', source('mpegts', null, 'mp2'), {}, 'audio AUDIO_CODEC'],
  ['a channel of HEVC', 'channel', source('mpegts', 'hevc', 'aac'), {}, 'transcode VIDEO_CODEC'],
  ['a channel of HEVC, no FFmpeg', 'channel', source('mpegts', 'hevc', 'aac'), alone, 'unsupported VIDEO_CODEC'],
  ['a channel of HEVC, all cores taken', 'channel', source('mpegts', 'hevc', 'aac'), full, 'unsupported TRANSCODER_BUSY'],
  ['a channel with layer II sound', 'channel', source('mpegts', 'h264', 'mp2'), {}, 'audio AUDIO_CODEC'],
  ['one of two sounds is Dolby', 'channel', source('mpegts', 'h264', 'aac', 'ac3'), {}, 'audio AUDIO_CODEC'],
  ['half frames', 'channel', picture(seenLive, { interlaced: true }), {}, 'transcode INTERLACED'],
  ['half frames, all cores taken', 'channel', picture(seenLive, { interlaced: true }), full, 'hls-package LIVE_PACKAGED'],
  ['ten bits', 'movie', picture(source('mp4', 'h264', 'aac'), { bitDepth: 10 }), {}, 'transcode VIDEO_CODEC'],
  ['the data saver', 'channel', seenLive, { maxHeight: 480 }, 'transcode TOO_LARGE'],
  ['a ladder', 'channel', seenLive, always, 'ladder LADDER'],
  ['a ladder, all cores taken', 'channel', seenLive, { ...full, ...always }, 'hls-package LIVE_PACKAGED'],
  ['a ladder for what is converted', 'channel', seenLive, converting, 'hls-package LIVE_PACKAGED'],
  ['a ladder of HEVC', 'movie', source('matroska', 'hevc', 'ac3'), always, 'ladder VIDEO_CODEC'],
  ['a film that is converted', 'movie', source('matroska', 'hevc', 'aac'), converting, 'ladder VIDEO_CODEC'],
  ['a film that only needs other sound', 'movie', source('matroska', 'h264', 'ac3'), converting, 'audio AUDIO_CODEC'],
  [
    'a channel with cores for one quality',
    'channel',
    source('mpegts', 'hevc'),
    { ...converting, ...tight },
    'transcode VIDEO_CODEC',
  ],
  ['a film with cores for one quality', 'movie', source('mp4', 'hevc'), { ...converting, ...tight }, 'ladder VIDEO_CODEC'],
  ['the browser failed at the picture', 'channel', seenLive, { convert: 'all' }, 'transcode ASKED_FOR'],
  ['the browser failed at the sound', 'channel', seenLive, { convert: 'audio' }, 'audio ASKED_FOR'],
  ['HLS of the provider', 'channel', unseen('hls'), {}, 'hls-proxy HLS_FROM_PROVIDER'],
  ['HLS of the provider, direct allowed', 'channel', unseen('hls'), { allowsDirect: true }, 'direct DIRECT_FROM_PROVIDER'],
  ['an MP4 film', 'movie', source('mp4', 'h264', 'aac'), {}, 'file FILE_AS_IS'],
  ['a protected film that comes as HLS', 'movie', source('hls', 'h264', 'aac'), { isProtected: true }, 'unsupported PROTECTED'],
  ['a protected MP4 film', 'movie', source('mp4', 'h264', 'aac'), { isProtected: true }, 'remux PROTECTED'],
  ['an MP4 film with two languages', 'movie', source('mp4', 'h264', 'aac', 'aac'), {}, 'remux SEVERAL_TRACKS'],
  ['an MP4 film with subtitles', 'movie', titled(source('mp4', 'h264', 'aac')), {}, 'remux SEVERAL_TRACKS'],
  ['a WebM film without an index', 'movie', { ...source('webm', 'vp9', 'opus'), hasIndex: false }, {}, 'remux NO_INDEX'],
  ['a film never seen', 'movie', unseen(null), {}, 'file FILE_UNKNOWN_CODECS'],
  ['an MKV film', 'episode', source('matroska', 'h264', 'aac'), {}, 'remux CONTAINER'],
  ['an MKV film, no FFmpeg', 'episode', source('matroska', 'h264', 'aac'), alone, 'remux CONTAINER'],
  ['an MKV film that cannot be looked into', 'episode', unseen('matroska'), {}, 'unsupported CONTAINER'],
  ['an AVI film', 'movie', source('avi', 'mpeg4', 'mp3'), {}, 'transcode VIDEO_CODEC'],
  ['an AVI film of H.264 that looks ahead', 'movie', source('avi', 'h264', 'aac'), {}, 'transcode CONTAINER'],
  ['an AVI film of H.264 in order', 'movie', picture(source('avi', 'h264', 'aac'), inOrder), {}, 'remux CONTAINER'],
  ['the same with Dolby', 'movie', picture(source('avi', 'h264', 'ac3'), inOrder), {}, 'audio AUDIO_CODEC'],
  ['an MP4 film with Dolby', 'movie', source('mp4', 'h264', 'ac3'), {}, 'audio AUDIO_CODEC'],
  ['an MP4 film with Dolby, no FFmpeg', 'movie', source('mp4', 'h264', 'ac3'), alone, 'unsupported AUDIO_CODEC'],
  ['a film of a codec that nobody knows', 'movie', source('matroska', 'unknown', 'aac'), {}, 'unsupported NOTHING_READS_IT'],
  ['the same asked for anew', 'movie', source('avi', 'unknown', 'mp3'), { convert: 'all' }, 'unsupported NOTHING_READS_IT'],
  ['a film whose only sound nobody knows', 'movie', source('avi', 'h264', 'wmapro'), {}, 'unsupported NOTHING_READS_IT'],
  ['a film with one sound of two that plays', 'movie', source('matroska', 'h264', 'aac', 'wmapro'), {}, 'remux CONTAINER'],
  ['a codec only the browser knows', 'movie', source('mp4', 'av1', 'aac'), { decodes: () => false }, 'file FILE_AS_IS'],
  ['a channel of a codec that nobody knows', 'channel', source('mpegts', 'unknown', 'aac'), {}, 'transcode VIDEO_CODEC'],
  ['a film as a transport stream', 'movie', source('mpegts', 'h264', 'aac'), {}, 'remux CONTAINER'],
]

test.each(rows)('%s', (_name, kind, facts, part, answer) => {
  const decision = decidePlayback({ kind, source: facts, capabilities: chromium, policy: { ...policy, ...part } })
  expect(`${decision.mode} ${decision.code}`).toBe(answer)
  expect(decision.message).toMatch(/^[A-Z].*\.$/)
  expect(decision.reasons[0]).toEqual({ code: decision.code, message: decision.message })
})

test('all reasons are named, the weightiest first', () => {
  const facts = picture(source('matroska', 'hevc', 'dts'), { interlaced: true })
  const { reasons } = decidePlayback({
    kind: 'movie',
    source: facts,
    capabilities: chromium,
    policy: { ...policy, maxHeight: 480 },
  })
  expect(reasons.map(({ code }) => code)).toEqual(['VIDEO_CODEC', 'TOO_LARGE', 'INTERLACED', 'AUDIO_CODEC'])
})

test('what a conversion costs follows from what the source says it is', () => {
  const { video } = source('mpegts', 'hevc', 'aac')
  const larger = video && { ...video, width: 1920, height: 1080, frameRate: 50 }
  expect(conversionCost(video, 'audio')).toBeLessThan(0.1)
  expect(conversionCost(larger, 'transcode')).toBeGreaterThan(3 * conversionCost(video, 'transcode'))
  expect(conversionCost(larger, 'ladder')).toBeGreaterThan(conversionCost(larger, 'transcode'))
})

test('a refusal says whether it is worth waiting', () => {
  const refuse = (part: Partial<PlaybackPolicy>) =>
    refusalOf(
      decidePlayback({
        kind: 'channel',
        source: source('mpegts', 'hevc', 'aac'),
        capabilities: chromium,
        policy: { ...policy, ...part },
      }),
    )
  expect([refuse(alone).code, refuse(full).code]).toEqual(['CODEC_UNSUPPORTED', 'TRANSCODE_BUSY'])
})

test('what nothing here reads has its own code and names the format', () => {
  const decide = (facts: SourceFacts) => decidePlayback({ kind: 'movie', source: facts, capabilities: chromium, policy })
  expect(refusalOf(decide(source('avi', 'h264', 'wmapro')))).toMatchObject({ code: 'FILM_FORMAT', retryable: false })
  expect(decide(source('matroska', 'unknown')).message).toMatch(
    /^The picture of this film is in a format that neither this browser/,
  )
})

test('facts in a form that is no longer written are none', () => {
  expect(parseFacts({ container: 'mpegts', video: 'h264', audio: 'aac' })).toBeNull()
  expect(parseFacts(seenLive)).toEqual(seenLive)
})
