import { expect, test } from 'vitest'
import { blankTrack, type FilmTrack } from '../film'
import { levelFor, sizeFor } from './encode-settings'

const film = (width: number, height: number, more: Partial<FilmTrack> = {}): FilmTrack => ({
  ...blankTrack,
  ...{ id: 1, kind: 'video', codec: 'hevc', matroska: { id: '', config: null }, frameRate: 25 },
  ...{ width, height, ...more },
})

type Row = [name: string, track: FilmTrack, height: number, size: string, level: number]
const rows: Row[] = [
  ['what every device plays', film(1920, 1080), 1080, '1920x1080', 40],
  ['a small picture', film(640, 360), 240, '426x240', 40],
  ['50 pictures a second', film(1920, 1080, { frameRate: 50 }), 1080, '1920x1080', 42],
  ['50 small ones', film(1920, 1080, { frameRate: 50 }), 720, '1280x720', 40],
  ['nobody knows how many', film(1920, 1080, { frameRate: null }), 1080, '1920x1080', 42],
  ['wider than television', film(3840, 1600), 1080, '2592x1080', 51],
  ['pixels that are not square', film(720, 576, { displayWidth: 1024 }), 576, '1024x576', 40],
  ['filmed upright', film(1920, 1080, { rotation: 90 }), 1080, '608x1080', 40],
]

test.each(rows)('size and level of an encoded picture: %s', (_name, track, height, size, level) => {
  const made = sizeFor(track, height)
  expect(`${made.width}x${made.height}`).toBe(size)
  expect(levelFor(track, { height, kilobits: 1_000 })).toBe(level)
})
