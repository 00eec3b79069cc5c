import { expect, test } from 'vitest'
import { Capabilities } from '@/lib/playback/schema'
import { listCapabilities } from './capabilities'

test('a codec is promised only when files and streams both play it', () => {
  const found = listCapabilities({
    files: type => type.includes('avc1') || type.includes('hvc1') || type === 'video/mp4',
    streams: type => type.includes('avc1'),
  })
  expect(found).toEqual({ video: ['h264'], audio: [], containers: ['mp4'], inBand: false })
})

test('pictures of a graphics card are told apart: they come in streams only', () => {
  const told = (streams: (type: string) => boolean) => listCapabilities({ files: () => false, streams })
  expect(told(type => type.includes('avc3'))).toEqual({ video: [], audio: [], containers: [], inBand: true })
  expect(told(type => type.includes('avc1')).inBand).toBe(false)
})

test('the answer fits the shape the server expects, even when everything plays', () => {
  const all = listCapabilities({ files: () => true, streams: () => true })
  expect(Capabilities.parse(all)).toEqual(all)
})
