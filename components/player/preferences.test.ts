import { expect, test } from 'vitest'
import { captionVariables } from './caption-style'
import { parsePreferences, plainPreferences } from './preferences'

test.each([null, '', '{', '[]', 'null', '7'])('%s on the device counts as nothing chosen', text => {
  expect(parsePreferences(text)).toEqual(plainPreferences)
})

test('what another version wrote differently is left out, the rest is kept', () => {
  const stored = { audio: 'de', nightMode: 'yes', recent: { 0: 1 }, tiles: [4, 5], captions: null, later: true }
  expect(parsePreferences(JSON.stringify(stored))).toEqual({ ...plainPreferences, audio: 'de', tiles: [4, 5] })
})

test('a look that is not known any more counts as the plain one', () => {
  const style = { ...plainPreferences.captions, colour: 'pink' as 'white', size: 'huge' as const }
  expect(captionVariables(style)).toMatchObject({ '--caption-colour': '#ffffff', '--caption-size': '1.8' })
})
