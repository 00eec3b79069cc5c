import { expect, test } from 'vitest'
import { sampleMedia } from '../../sample-media.test-support'
import { FilmBytes } from './film-bytes'
import { bytesOf } from './film-bytes.test-support'
import { findCaptions } from './film-captions'
import { hasOpenGroups } from './open-groups'
import { openTs } from './ts-film'

/** The farthest place that is read of a file. */
function watched(file: Buffer) {
  const bytes = bytesOf(file)
  const far = { place: 0 }
  const read = FilmBytes.prototype.read.bind(bytes)
  bytes.read = (offset, length) => {
    far.place = Math.max(far.place, Math.min(offset + length, file.length))
    return read(offset, length)
  }
  return { bytes, far }
}

const film = (pictures: string) =>
  sampleMedia({ seconds: 80, keySeconds: 20, audio: 'mp2', kilobits: 100, extra: ['-vf', pictures, '-b:a', '384k'] })

test.each([
  ['its only group', 'trim=end=10', hasOpenGroups, false],
  ['a few pictures', 'trim=end=2,fps=4', findCaptions, null],
] as const)('a picture that ends after %s is not looked for in all the sound behind it', async (_name, pictures, look, found) => {
  const file = film(pictures)
  const { bytes, far } = watched(file)
  const opened = await openTs(bytes)
  if (opened === null) throw new Error('not opened')
  far.place = 0
  expect(await look(opened, bytes)).toBe(found)
  expect(far.place).toBeGreaterThan(0)
  expect(far.place / file.length).toBeLessThan(0.5)
})
