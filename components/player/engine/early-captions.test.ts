import type shaka from 'shaka-player/dist/shaka-player.hls-es2021.js'
import { beforeAll, expect, test } from 'vitest'
import { captionData, captionMessage, schedule } from '@/tests/fakes/provider/captions'
import { serviceCaptions, servicePacket } from '@/tests/fakes/provider/service-captions'
import { EarlyCaptions } from './early-captions'

const RATE = 25
type Cue = shaka.text.Cue
let library: typeof shaka

beforeAll(async () => {
  // The library looks for a window when it is loaded, and not afterwards in what is used here.
  Object.assign(globalThis, { self: globalThis, window: globalThis })
  library = (await import('shaka-player/dist/shaka-player.hls-es2021.js')).default
})

const create = () => new EarlyCaptions(() => new library.cea.CeaDecoder())
const textOf = (cue: Cue): string => (cue.lineBreak ? '\n' : cue.payload) + cue.nestedCues.map(textOf).join('')
const seen = ({ cue }: shaka.extern.ICaptionDecoder.ClosedCaption) => ({
  text: textOf(cue),
  from: cue.startTime,
  to: cue.endTime,
})

/** The pictures from one second to another, each with its pair. */
function send(decoder: EarlyCaptions, frames: Map<number, [number, number]>, from: number, to: number): void {
  for (let at = from * RATE; at < to * RATE; at++) decoder.extract(captionMessage(frames.get(at) ?? [0, 0]), at / RATE)
}

// A line begins with the first of the two codes that show it.
test('a line is told with the segment in which it begins, and its end once it is known, under one name', () => {
  const frames = schedule([{ start: 3, end: 7, text: 'HELLO' }], RATE)
  const decoder = create()
  const told = [0, 2, 4, 6].map(from => {
    send(decoder, frames, from, from + 2)
    return decoder.decode()
  })
  expect(told.map(captions => captions.map(seen))).toEqual([
    [],
    [{ text: 'HELLO', from: 2.96, to: expect.closeTo(3.96) }],
    [{ text: 'HELLO', from: 2.96, to: expect.closeTo(5.96) }],
    [{ text: 'HELLO', from: 2.96, to: 7 }],
  ])
  expect(new Set(told.flat().map(({ cue }) => cue.id)).size).toBe(1)
})

test('lines that roll up are told while they are being written', () => {
  const codes: [number, number][] = [
    [0x14, 0x26],
    [0x14, 0x26],
    [0x14, 0x2d],
    [0x14, 0x2d],
    [0x14, 0x70],
    [0x14, 0x70],
  ]
  const words = (text: string) =>
    Array.from(text.match(/../g) ?? [], ([a, b]): [number, number] => [a?.charCodeAt(0) ?? 0, b?.charCodeAt(0) ?? 0])
  const frames = new Map([...codes, ...words('NEWS')].entries())
  for (const [at, pair] of words(' AT TEN ').entries()) frames.set(50 + at, pair)
  const decoder = create()
  send(decoder, frames, 0, 2)
  expect(decoder.decode().map(seen)).toMatchObject([{ text: 'NEWS', to: 1.96 }])
  send(decoder, frames, 2, 4)
  expect(decoder.decode().map(seen)).toMatchObject([{ text: 'NEWS AT TEN', to: 3.96 }])
})

test('old pictures are thrown away: what stands there stays', () => {
  const frames = schedule([{ start: 1, end: 5, text: 'HELLO' }], RATE)
  const decoder = create()
  send(decoder, frames, 0, 2)
  decoder.decode()
  decoder.clear()
  send(decoder, frames, 2, 6)
  expect(decoder.decode().map(seen)).toEqual([{ text: 'HELLO', from: 0.96, to: 5 }])
})

test('after a jump nothing of before is told', () => {
  const frames = schedule([{ start: 1, end: 9, text: 'HELLO' }], RATE)
  const decoder = create()
  send(decoder, frames, 0, 2)
  decoder.decode()
  decoder.clear()
  send(decoder, frames, 4, 6)
  expect(decoder.decode()).toEqual([])
})

test('CEA-708: a line is told with the segment in which it begins, and its end once it is known', () => {
  const dataOf = serviceCaptions([{ start: 3, end: 7, text: 'HELLO' }], RATE)
  const plain = new library.cea.CeaDecoder()
  const decoder = create()
  const told = [0, 2, 4, 6].map(from => {
    for (let at = from * RATE; at < (from + 2) * RATE; at++) {
      decoder.extract(dataOf(at), at / RATE)
      plain.extract(dataOf(at), at / RATE)
    }
    return decoder.decode()
  })
  expect(told.map(captions => captions.map(seen))).toEqual([
    [],
    [{ text: 'HELLO', from: 3, to: expect.closeTo(3.96) }],
    [{ text: 'HELLO', from: 3, to: expect.closeTo(5.96) }],
    [{ text: 'HELLO', from: 3, to: 7 }],
  ])
  expect(new Set(told.flat().map(({ cue }) => cue.id)).size).toBe(1)
  expect(told.flat().every(({ stream }) => stream === 'svc1')).toBe(true)
  expect(plain.decode().map(seen)).toEqual([{ text: 'HELLO', from: 3, to: 7 }])
  expect(decoder.getStreams()).toEqual(['svc1'])
})

test('CEA-708: windows that stand there together are told one by one, under names of their own', () => {
  const decoder = create()
  const define = (window: number, text: string) => [0x98 + window, 0x38, 0xda, 50, 0x70, 31, 0x09, ...Buffer.from(text)]
  const blocks = [define(0, 'ONE'), define(1, 'TWO'), [], []]
  // Both are shown with the third picture.
  blocks[2] = [0x8a, 3, 0x89, 3]
  for (const [at, block] of blocks.entries()) decoder.extract(captionData(servicePacket(block, at)), at / RATE)
  const told = decoder.decode().filter(({ cue }) => cue.endTime > 2.5 / RATE)
  expect(told.map(seen).map(({ text, from }) => [text, from])).toEqual([
    ['ONE', 2 / RATE],
    ['TWO', 2 / RATE],
  ])
  expect(new Set(told.map(({ cue }) => cue.id)).size).toBe(2)
})

test('both kinds at once: each is ended, and neither tells anything of the other', () => {
  const frames = schedule([{ start: 1, end: 9, text: 'OLD' }], RATE)
  const dataOf = serviceCaptions([{ start: 1, end: 9, text: 'NEW' }], RATE)
  const decoder = create()
  for (let at = 0; at < 2 * RATE; at++) {
    decoder.extract(captionMessage(frames.get(at) ?? [0, 0]), at / RATE)
    decoder.extract(dataOf(at), at / RATE)
  }
  const told = decoder.decode()
  expect(told.map(caption => [caption.stream, seen(caption).text])).toEqual([
    ['CC1', 'OLD'],
    ['svc1', 'NEW'],
  ])
  expect(told.every(({ cue }) => Math.abs(cue.endTime - 1.96) < 1e-6)).toBe(true)
  const alone = create()
  send(alone, frames, 0, 2)
  expect(alone.decode().map(({ stream }) => stream)).toEqual(['CC1'])
  expect(alone.getStreams()).toEqual(['CC1'])
})
