import { expect, test } from 'vitest'
import { blankTrack, type Film, type FilmTrack } from './film'
import { present } from './presentation'

const sound = (codec: string, id: number): FilmTrack => ({
  ...blankTrack,
  id,
  kind: 'audio',
  codec,
  matroska: { id: codec, config: codec === 'aac' ? Buffer.from([0x11, 0x90]) : null },
})
const filmOf = (...codecs: string[]): Film => ({
  container: 'matroska',
  duration: 60,
  tracks: codecs.map(sound),
  chapters: [],
  keyTimes: [0],
  keySeconds: null,
  isCopyable: true,
  async *read() {},
})
type Row = [name: string, codecs: string[], converts: (codec: string) => boolean, answer: string]
const rows: Row[] = [
  ['one codec for all is copied', ['mp3', 'mp3'], () => true, 'mp3 copy, mp3 copy'],
  ['several become AAC', ['mp3', 'aac', 'ac3'], () => true, 'mp3 encode, aac copy, ac3 encode'],
  ['what nobody reads stays away', ['wmapro', 'ac3'], codec => codec !== 'wmapro', 'ac3 encode'],
  ['without a converter only what is AAC stays', ['mp3', 'aac', 'ac3'], () => false, 'aac copy'],
  ['without a converter and without AAC the browser gets what it plays', ['ac3', 'mp3'], () => false, 'mp3 copy'],
]

test.each(rows)('%s', (_name, codecs, converts, answer) => {
  const { sounds } = present(filmOf(...codecs), 4, {
    mode: 'remux',
    maxHeight: null,
    qualities: [],
    isInBand: false,
    capabilities: { video: ['h264'], audio: ['aac', 'mp3'], containers: ['mp4'] },
    convertsSound: false,
    converts,
  })
  expect(sounds.map(({ track, way }) => `${track.codec} ${way}`).join(', ')).toBe(answer)
  expect(sounds.map(({ name }) => name)).toEqual(sounds.map((_, index) => `a${index}`))
})

type Sizes = [name: string, height: number, maxHeight: number | null, rungs: string[]]
const qualities = [
  { height: 720, kilobits: 2_000 },
  { height: 360, kilobits: 600 },
]
const sizes: Sizes[] = [
  ['as large as one of them', 720, null, ['v720@2000', 'v360@600']],
  ['smaller than all but one', 480, null, ['v480@2000', 'v360@600']],
  ['larger than all', 1080, null, ['v720@2000', 'v360@600']],
  ['smaller than all', 240, null, ['v240@600']],
  ['a viewer who wants less', 720, 480, ['v480@2000', 'v360@600']],
]
test.each(sizes)('a film in the qualities of the administrator: %s', (_name, height, maxHeight, answer) => {
  const film: Film = {
    ...filmOf(),
    tracks: [
      { ...blankTrack, id: 1, kind: 'video', codec: 'hevc', matroska: { id: '', config: null }, width: height * 2, height },
    ],
  }
  const wishes = { capabilities: null, convertsSound: false, converts: () => true, maxHeight, qualities, isInBand: false }
  const told = (mode: 'ladder' | 'transcode') =>
    present(film, 4, { ...wishes, mode }).pictures.map(({ name, rung }) => `${name}@${rung?.kilobits}`)
  expect(told('ladder')).toEqual(answer)
  expect(told('transcode')).toEqual(answer.slice(0, 1))
})
