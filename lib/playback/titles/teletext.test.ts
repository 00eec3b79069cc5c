import { expect, test } from 'vitest'
import { addTeletext, teletextPes } from '@/tests/fakes/provider/teletext-stream'
import { cuesOf } from '../film/make/text'
import { bytesOf } from '../film/read/film-bytes.test-support'
import { openFilm } from '../film/read/open-film'
import { sampleMedia } from '../sample-media.test-support'
import { hamming8, hamming24 } from './hamming'
import { TeletextDecoder } from './teletext'
import { accentedLetter, letterOf, supplementaryLetter } from './teletext-letters'

const dataOf = (pes: Buffer) => pes.subarray(9 + (pes[8] ?? 0))
const line = { start: 1, end: 3, text: 'Where is he?', row: 21 }
const about = { page: 888, language: 0 }

test('a page is said when the next begins, once however often it is sent, and taken away by an empty one', () => {
  const decoder = new TeletextDecoder(888)
  const push = (pts: number, shown: typeof line | null, page = 888) =>
    decoder.push(pts, dataOf(teletextPes(pts, { ...about, page, line: shown })))
  expect(push(1, line)).toEqual([])
  expect(push(2, line)).toEqual([{ pts: 1, text: 'Where is he?', row: 21 }])
  expect(push(3, { ...line, text: 'not ours' }, 887)).toEqual([])
  expect(push(4, null)).toEqual([])
  expect(push(5, null)).toEqual([{ pts: 4, text: '', row: 24 }])
  push(6, { ...line, text: 'Here' })
  expect(decoder.flush()).toEqual([{ pts: 6, text: 'Here', row: 21 }])
})

test('letters of a language stand in the places of others', () => {
  expect([...'#[]{|}~'].map(letter => letterOf(letter.charCodeAt(0), 4)).join('')).toBe('#ÄÜäöüß')
  expect([...'#@[{|'].map(letter => letterOf(letter.charCodeAt(0), 1)).join('')).toBe('éàëâô')
  expect(['#'].map(letter => letterOf(letter.charCodeAt(0), 0)).join('')).toBe('£')
  expect([accentedLetter(0x65, 2), accentedLetter(0x43, 11), supplementaryLetter(0x7a), supplementaryLetter(0x21)]).toEqual([
    'é',
    'Ç',
    'œ',
    '¡',
  ])
  expect(supplementaryLetter(0x7f)).toBe('■')
})

test('one wrong bit is put right', () => {
  for (const [nibble, byte] of [
    0x15, 0x02, 0x49, 0x5e, 0x64, 0x73, 0x38, 0x2f, 0xd0, 0xc7, 0x8c, 0x9b, 0xa1, 0xb6, 0xfd, 0xea,
  ].entries())
    for (let bit = 0; bit < 8; bit++) expect(hamming8(byte ^ (1 << bit))).toBe(nibble)
  // All zero: every check is odd by its own bit alone, and the last makes the whole odd.
  const nothing = 0b10001011 | (1 << 15)
  expect(hamming24(nothing)).toBe(0)
  for (let bit = 0; bit < 24; bit++) expect(hamming24(nothing ^ (1 << bit)), `bit ${bit}`).toBe(0)
  expect(hamming24(nothing ^ 0b101)).toBeNull()
})

test('nonsense is no page and no failure', () => {
  const decoder = new TeletextDecoder(888)
  for (let seed = 1; seed < 200; seed++) {
    const noise = Buffer.from(Array.from({ length: 500 }, (_, at) => (at * seed * 2_654_435_761) >>> 24))
    for (let at = 1; at + 46 < noise.length; at += 46) noise.set([0x03, 0x2c], at)
    expect(decoder.push(seed, noise).length).toBeLessThan(20)
  }
})

test('a film with teletext has its page as text', async () => {
  const lines = [
    { start: 1, end: 3, text: 'Where is he?', row: 21 },
    { start: 5, end: 7.5, text: 'Above [here]', row: 3 },
  ]
  const stream = addTeletext(sampleMedia({ seconds: 9 }), { pid: 0x200, page: 888, language: 4, code: 'deu', lines })
  const bytes = bytesOf(stream)
  const film = await openFilm(bytes)
  const track = film?.tracks.find(({ kind }) => kind === 'subtitle')
  if (!film || !track) throw new Error('no teletext was found')
  expect(track).toMatchObject({ codec: 'dvb_teletext', language: 'deu' })
  const layout = { bounds: [0, 4, 9], kind: 'grid' as const }
  const signal = AbortSignal.timeout(5_000)
  const cues = (number: number) => cuesOf({ film, bytes, layout, track, number, signal })
  expect(await cues(0)).toEqual([{ start: expect.closeTo(1, 1), end: expect.closeTo(3, 1), text: 'Where is he?', settings: '' }])
  expect(await cues(1)).toEqual([
    { start: expect.closeTo(5, 1), end: expect.closeTo(7.5, 1), text: 'Above ÄhereÜ', settings: ' line:5%' },
  ])
})
