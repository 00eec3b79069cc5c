import { expect, test } from 'vitest'
import { conversionCost } from './conversion-cost'
import { type DecisionInput, decidePlayback, type PlaybackPolicy, refusalOf } from './decide'
import { AudioFacts, parseFacts, type SourceFacts, SubtitleFacts, unseen, VideoFacts } from './facts'
import { ConversionSettings } from './schema'

const chromium: DecisionInput['capabilities'] = {
  video: ['h264', 'av1', 'vp9'],
  audio: ['aac', 'mp3', 'opus'],
  containers: ['mp4', 'webm'],
  keySystems: ['org.w3.clearkey'],
}
const policy: PlaybackPolicy = {
  allowsDirect: false,
  canConvert: true,
  decodes: codec => codec !== 'unknown' && codec !== 'wmapro',
  freeCores: 4,
  maxHeight: null,
  accountHeight: null,
  keySystems: [],
  ...ConversionSettings.parse({}),
  isProtected: false,
  convert: null,
}
const alone: Partial<PlaybackPolicy> = { canConvert: false, freeCores: 0 }
const full: Partial<PlaybackPolicy> = { freeCores: 0 }
const whole: Partial<VideoFacts> = { codecString: 'avc1.640028' }
const qualities = (...heights: number[]) => heights.map(height => ({ height, kilobits: 1_000 }))
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

const open: Partial<VideoFacts> = { openGroups: true }

const seenLive = source('mpegts', 'h264', 'aac')
type Row = [name: string, kind: DecisionInput['kind'], source: SourceFacts, policy: Partial<PlaybackPolicy>, answer: string]

const rows: Row[] = [
  ['a channel never seen', 'channel', unseen(null), {}, 'hls-package LIVE_UNKNOWN_CODECS'],
  ['a channel of H.264 and AAC', 'channel', seenLive, {}, 'hls-package LIVE_PACKAGED'],
  ['a channel of open groups', 'channel', picture(seenLive, open), {}, 'transcode OPEN_GROUPS'],
  ['a film of open groups, repacked', 'movie', picture(source('matroska', 'h264', 'aac'), open), {}, 'transcode OPEN_GROUPS'],
  ['a film of open groups, its sound encoded', 'movie', picture(source('mp4', 'h264', 'ac3'), open), {}, 'transcode OPEN_GROUPS'],
  ['a file of open groups as it is', 'movie', picture(source('mp4', 'h264', 'aac'), open), {}, 'file FILE_AS_IS'],
  ['a film of open groups without room', 'movie', picture(source('matroska', 'h264', 'aac'), open), full, 'remux CONTAINER'],
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
  ['the data saver, no FFmpeg', 'channel', seenLive, { ...alone, maxHeight: 480 }, 'hls-package LIVE_PACKAGED'],
  ['what the account includes', 'movie', source('mp4', 'h264', 'aac'), { accountHeight: 480 }, 'transcode TOO_LARGE'],
  ['the account, no FFmpeg', 'movie', source('mp4', 'h264', 'aac'), { ...alone, accountHeight: 480 }, 'unsupported TOO_LARGE'],
  ['the account, low enough', 'channel', seenLive, { ...alone, accountHeight: 720 }, 'hls-package LIVE_PACKAGED'],
  ['the account, in qualities', 'channel', seenLive, { accountHeight: 480, ...always }, 'ladder TOO_LARGE'],
  [
    'a ladder of many qualities, cores for a few',
    'channel',
    seenLive,
    { ...always, freeCores: 0.62, qualities: qualities(700, 680, 660) },
    'hls-package LIVE_PACKAGED',
  ],
  [
    'a ladder of few qualities',
    'channel',
    seenLive,
    { ...always, freeCores: 0.62, qualities: qualities(720, 240) },
    'ladder LADDER',
  ],
  ['a ladder of one quality', 'channel', seenLive, { ...always, qualities: qualities(240) }, 'hls-package LIVE_PACKAGED'],
  [
    'a film locked by what is here',
    'movie',
    source('mp4', 'h264', 'aac'),
    { keySystems: ['org.w3.clearkey'] },
    'file FILE_AS_IS',
  ],
  ['a film locked otherwise', 'movie', source('mp4', 'h264', 'aac'), { keySystems: ['com.apple.fps'] }, 'unsupported KEY_SYSTEM'],
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
  ['an AVI film of H.264 in half frames', 'movie', source('avi', 'h264', 'aac'), {}, 'transcode CONTAINER'],
  ['an AVI film of H.264 in whole frames', 'movie', picture(source('avi', 'h264', 'aac'), whole), {}, 'remux CONTAINER'],
  ['the same with Dolby', 'movie', picture(source('avi', 'h264', 'ac3'), whole), {}, 'audio AUDIO_CODEC'],
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
  expect(conversionCost(larger, 'ladder', { qualities: qualities(1080, 480) })).toBeGreaterThan(
    conversionCost(larger, 'transcode'),
  )
  expect(conversionCost(larger, 'transcode', { maxHeight: 480 })).toBeLessThan(conversionCost(larger, 'transcode') / 2)
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

const decideWith = (part: Partial<PlaybackPolicy>, facts = seenLive) =>
  decidePlayback({ kind: 'channel', source: facts, capabilities: chromium, policy: { ...policy, ...part } })

test.each([
  [{ maxHeight: 360, accountHeight: 480 }, 'You asked for no more than 360p.', 360],
  [{ maxHeight: 480, accountHeight: 480 }, 'Your account includes pictures up to 480p.', 480],
  [{ maxHeight: 600, accountHeight: 480 }, 'Your account includes pictures up to 480p.', 480],
])('the lower of two limits counts, and says whose it is: %o', (limits, message, maxHeight) => {
  expect(decideWith(limits)).toMatchObject({ mode: 'transcode', code: 'TOO_LARGE', message, maxHeight })
})

test('what the account includes is no wish that a server without room may pass over', () => {
  expect(refusalOf(decideWith({ ...alone, accountHeight: 480 }))).toMatchObject({
    code: 'PICTURE_LIMIT',
    say: 'Your account includes pictures up to 480p. This server cannot convert it.',
  })
  expect(decideWith({ ...full, accountHeight: 480 }).code).toBe('TRANSCODER_BUSY')
})

test('a lock is named, and what the browser has instead', () => {
  const refused = refusalOf(decideWith({ keySystems: ['com.widevine.alpha', 'com.microsoft.playready'] }))
  expect(refused).toMatchObject({
    code: 'DRM_UNSUPPORTED',
    say: 'This is protected with Widevine or PlayReady, and this browser has only Clear Key.',
  })
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
