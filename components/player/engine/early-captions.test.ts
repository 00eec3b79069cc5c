import type shaka from 'shaka-player/dist/shaka-player.hls-es2021.js'
import { beforeAll, expect, test } from 'vitest'
import { captionMessage, schedule } from '@/tests/fakes/provider/captions'
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
