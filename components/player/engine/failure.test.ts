import { expect, test } from 'vitest'
import { Failure as ApiFailure } from '@/components/shell/failure'
import { errorCodes } from '@/lib/kernel/error-codes'
import { blameKey, failureOfError, failureOfFault, failureOfQuiet, toFailure } from './failure'

const http = (status: number, body = '') => ({ severity: 2, category: 1, code: 1001, data: ['x', status, body] })

test.each([
  [http(401), 'TOKEN_EXPIRED', true],
  [http(410), 'STREAM_ENDED', true],
  [http(415), 'CODEC_UNSUPPORTED', false],
  [http(502), 'UPSTREAM_UNREACHABLE', true],
  [http(503), 'STREAM_NOT_READY', true],
  [http(599), 'UNEXPECTED', true],
  [{ severity: 2, category: 1, code: 1002, data: [] }, 'UNAVAILABLE', true],
  [{ severity: 2, category: 4, code: 4036, data: [] }, 'CODEC_UNSUPPORTED', false],
  [{ severity: 2, category: 4, code: 4999, data: [] }, 'PLAYLIST_INVALID', false],
  [{ severity: 2, category: 6, code: 6001, data: [] }, 'DRM_UNSUPPORTED', false],
  [
    { severity: 2, category: 6, code: 6007, data: [{ severity: 2, category: 1, code: 1001, data: ['', 403] }] },
    'LICENCE_REFUSED',
    false,
  ],
  [
    { severity: 2, category: 6, code: 6007, data: [{ severity: 2, category: 1, code: 1001, data: ['', 502] }] },
    'UPSTREAM_UNREACHABLE',
    true,
  ],
  [{ severity: 2, category: 6, code: 6007, data: [{ severity: 2, category: 1, code: 1002, data: [] }] }, 'UNAVAILABLE', true],
  [{ severity: 2, category: 99, code: 1, data: [] }, 'UNEXPECTED', true],
] as const)('%o is %s', (fault, code, retryable) => {
  expect(failureOfFault(fault)).toMatchObject({ code, retryable })
})

test('the words of our own server are kept', () => {
  const body = JSON.stringify({ error: { code: 'PROVIDER_LIMIT', message: 'One stream, in use on Living room TV.' } })
  expect(failureOfFault(http(502, body))).toEqual({
    code: 'PROVIDER_LIMIT',
    retryable: true,
    say: 'One stream, in use on Living room TV.',
    detail: '2.1.1001 HTTP 502',
  })
})

test.each([
  [403, 'PICTURE_LIMIT', false],
  [502, 'UPSTREAM_ADDRESS_BLOCKED', false],
] as const)(
  'a stream that is answered with %i and no words has failed for the reason beside it, %s',
  (status, code, retryable) => {
    const fault = { severity: 2, category: 1, code: 1001, data: ['x', status, '', { 'x-error-code': code }] }
    expect(failureOfFault(fault)).toMatchObject({ code, retryable })
  },
)

test('a web page in place of an answer is not quoted', () => {
  expect(failureOfFault(http(502, '<html>secret</html>')).say).toBeNull()
})

test('a refused call keeps its own sentence only when it says more than the code', () => {
  const refused = (say: string) => failureOfError(new ApiFailure({ code: 'NO_SOURCE', say, retryable: false }))
  expect(refused(errorCodes.NO_SOURCE.say).say).toBeNull()
  expect(refused('Nothing carries BBC One.')).toMatchObject({ code: 'NO_SOURCE', say: 'Nothing carries BBC One.' })
  expect(failureOfError(new TypeError('x')).code).toBe('UNEXPECTED')
})

test.each([
  ['after a picture', null, true, 'UPSTREAM_STALLED'],
  ['after another failure of the source', toFailure('UPSTREAM_TIMEOUT', ''), true, 'UPSTREAM_STALLED'],
  ['without a network', null, false, 'UNAVAILABLE'],
  ['while the server cannot be reached', toFailure('UNAVAILABLE', ''), true, 'UNAVAILABLE'],
] as const)('quiet %s', (_when, before, online, code) => expect(failureOfQuiet(before, online).code).toBe(code))

test('what would still play comes along with the refusal of a busy server', () => {
  const otherWays = [{ way: 'smaller' as const, maxHeight: 360 }]
  const busy = (data?: Record<string, unknown>) =>
    failureOfError(new ApiFailure({ code: 'TRANSCODE_BUSY', say: 'Busy.', retryable: true, data }))
  expect(busy({ otherWays }).otherWays).toEqual(otherWays)
  expect(busy().otherWays).toBeUndefined()
})

test.each([
  ['what no decoder reads under a key that was given', {}, 'KEY_WRONG'],
  ['a damaged picture after others that the key had opened', { hadPicture: true }, 'CODEC_UNSUPPORTED'],
  ['a network that gave up', { media: 2 }, 'CODEC_UNSUPPORTED'],
  ['the same under a licence or our own key', { hasGivenKeys: false }, 'CODEC_UNSUPPORTED'],
  ['the same without protection', { hasGivenKeys: null }, 'CODEC_UNSUPPORTED'],
  ['a codec that is not there, told before any key', { code: 4032 }, 'CODEC_UNSUPPORTED'],
] as const)('%s', (_name, given, expected) => {
  const { code, media, hasGivenKeys, hadPicture } = { code: 3016, media: 3, hasGivenKeys: true, hadPicture: false, ...given }
  const failure = failureOfFault({ severity: 2, category: 3, code, data: [media] })
  const drm = hasGivenKeys === null ? null : { systems: [], hasGivenKeys }
  expect(blameKey(failure, { drm, hadPicture }).code).toBe(expected)
})
