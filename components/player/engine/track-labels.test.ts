import { expect, test } from 'vitest'
import { listQualities, listSounds, listSubtitles, sayLanguage } from './track-labels'

const video = (height: number | null, bandwidth: number, frameRate = 25) => ({
  height,
  bandwidth,
  frameRate,
  codecs: 'avc1',
  active: false,
})
const sound = (language: string, label: string | null = null, channelsCount = 2) => ({
  language,
  label,
  channelsCount,
  roles: [],
  active: false,
})

test('qualities come best first, and twins show their bit rate', () => {
  const labels = listQualities([video(480, 1e6), video(1080, 4e6), video(1080, 8e6), video(720, 3e6, 50)]).map(
    choice => choice.label,
  )
  expect(labels).toEqual(['1080p · 8.0 Mbit/s', '1080p · 4.0 Mbit/s', '720p50', '480p'])
})

test('a track without a size is named by its bit rate', () => {
  expect(listQualities([video(null, 2_500_000)])[0]?.label).toBe('2.5 Mbit/s')
})

test('sound says language and channels, and equal names are numbered', () => {
  const labels = listSounds([sound('en', null, 6), sound('und'), sound('und'), sound('de', 'Kommentar')]).map(
    choice => choice.label,
  )
  expect(labels).toEqual(['English · 5.1', 'Sound (1)', 'Sound (2)', 'Kommentar'])
})

test('keys of two languages differ', () => {
  const [first, second] = listSubtitles([
    { language: 'fr', label: null, kind: 'subtitle', forced: false, active: true },
    { language: 'fr', label: null, kind: 'subtitle', forced: true, active: false },
  ])
  expect(first?.key).not.toBe(second?.key)
  expect(second?.label).toBe('French · forced')
})

test('captions inside the picture have a name that a person would give them', () => {
  const [first] = listSubtitles([{ language: 'captions', label: null, kind: 'caption', forced: false, active: false }])
  expect(first?.label).toBe('Captions')
})

test('codes that mean nothing have no name', () => {
  expect(sayLanguage('und')).toBeNull()
  expect(sayLanguage('!')).toBeNull()
})
