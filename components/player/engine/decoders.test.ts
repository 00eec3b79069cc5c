import { expect, test } from 'vitest'
import { Decoder } from '@/lib/playback/schema'
import { type AskDecoder, listDecoders } from './decoders'

/** A device by what it says of the names of codecs: lines it is smooth up to at 25 and at 50 frames; nothing for what it lacks. */
function device(smooth: Record<string, readonly [number, number]>): { ask: AskDecoder; asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    ask: async ({ contentType, height, framerate }) => {
      asked.push(contentType)
      const own = Object.entries(smooth).find(([name]) => contentType.includes(name))?.[1]
      return { supported: own !== undefined, smooth: own !== undefined && height <= (framerate > 30 ? own[1] : own[0]) }
    },
  }
}

test('each decoder by the largest picture it shows smoothly, slow and fast', async () => {
  const { ask } = device({ 'avc1.': [2160, 1080], 'hvc1.1.': [1080, 720], 'vp09.00': [720, 0] })
  const found = await listDecoders(['h264', 'hevc', 'vp9'], ask)
  expect(found).toEqual([
    { codec: 'h264', bitDepth: 8, height: 2160, fastHeight: 1080 },
    { codec: 'hevc', bitDepth: 8, height: 1080, fastHeight: 720 },
    // Fast pictures are decoded, if not smoothly: the smallest size is left.
    { codec: 'vp9', bitDepth: 8, height: 720, fastHeight: 480 },
  ])
  expect(found?.map(each => Decoder.parse(each))).toEqual(found)
})

test('ten bits are a decoder of their own, and what is not smooth at all is still worth the smallest size', async () => {
  const { ask } = device({ 'hvc1.1.': [2160, 2160], 'hvc1.2.': [2160, 1080], 'av01.0.09M.08': [0, 0], 'av01.0.13M.08': [0, 0] })
  expect(await listDecoders(['hevc', 'av1'], ask)).toEqual([
    { codec: 'hevc', bitDepth: 8, height: 2160, fastHeight: 2160 },
    { codec: 'hevc', bitDepth: 10, height: 2160, fastHeight: 1080 },
    { codec: 'av1', bitDepth: 8, height: 480, fastHeight: 480 },
  ])
})

test('a codec that the browser does not name is not asked about', async () => {
  const { ask, asked } = device({ 'avc1.': [1080, 1080] })
  await listDecoders(['h264', 'vp8', 'mpeg2video'], ask)
  expect(asked.every(type => type.includes('avc1.'))).toBe(true)
})

test('a device that names H.264 and tells of no decoder for it is not believed', async () => {
  const { ask } = device({ 'vp09.00': [1080, 1080] })
  expect(await listDecoders(['h264', 'vp9'], ask)).toBeNull()
  expect(await listDecoders(['vp9'], ask)).toHaveLength(1)
})

test('a device that does not answer tells nothing', async () => {
  await expect(listDecoders(['h264'], () => Promise.reject(new TypeError('no')))).rejects.toThrow(TypeError)
})
