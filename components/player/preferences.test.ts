import { expect, test } from 'vitest'
import { captionVariables } from './caption-style'
import { adoptChoices, parsePreferences, plainPreferences } from './preferences'

test.each([null, '', '{', '[]', 'null', '7'])('%s on the device counts as nothing chosen', text => {
  expect(parsePreferences(text)).toEqual(plainPreferences)
})

test('what another version wrote differently is left out, the rest is kept', () => {
  const stored = { audio: 'de', nightMode: 'yes', recent: { 0: 1 }, tiles: [4, 5], captions: null, later: true }
  expect(parsePreferences(JSON.stringify(stored))).toEqual({ ...plainPreferences, audio: 'de', tiles: [4, 5], untold: ['audio'] })
})

test('a look that is not known any more counts as the plain one', () => {
  const style = { ...plainPreferences.captions, colour: 'pink' as 'white', size: 'huge' as const }
  expect(captionVariables(style)).toMatchObject({ '--caption-colour': '#ffffff', '--caption-size': '1.8' })
})

test('what is chosen elsewhere counts, but for what was chosen here and not told yet', () => {
  const here = { ...plainPreferences, audio: 'de', subtitles: 'off', tiles: [7], untold: ['subtitles'] }
  expect(adoptChoices(here, { audio: 'fr', subtitles: 'en', nightMode: true })).toEqual({
    ...here,
    audio: 'fr',
    nightMode: true,
  })
})

test('nothing is told anew of what the server knows', () => {
  expect(parsePreferences(JSON.stringify({ ...plainPreferences, audio: 'de' })).untold).toEqual([])
})
