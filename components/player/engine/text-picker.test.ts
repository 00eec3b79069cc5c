import { expect, test, vi } from 'vitest'
import type { StreamChoices } from './stream-shapes'
import { createTextPicker } from './text-picker'
import { listSubtitles, textKey } from './track-labels'

const track = (language: string, mimeType = 'text/vtt') => ({
  language,
  label: null,
  kind: 'subtitles',
  forced: false,
  active: false,
  mimeType,
})

/** As much of Shaka as choosing subtitles takes. */
function start(isFilm: boolean) {
  const tracks = [track('fr'), track('de'), track('en', 'application/cea-608')]
  const listeners: (() => void)[] = []
  const selected: (string | null)[] = []
  const player = {
    addEventListener: (_name: string, listener: () => void) => listeners.push(listener),
    getTextTracks: () => tracks,
    selectTextTrack: (chosen: (typeof tracks)[number] | null) => {
      selected.push(chosen?.language ?? null)
      for (const each of tracks) each.active = each === chosen
    },
  }
  const want = vi.fn()
  const picker = createTextPicker(player as never, () => isFilm, { want } as never)
  const chosen = () => {
    const choices = { subtitles: listSubtitles(tracks) } as unknown as StreamChoices
    return picker.hide(choices).subtitles.flatMap(({ active, language }) => (active ? [language] : []))
  }
  const keyOf = (at: number) => textKey(tracks[at] ?? track(''))
  const tell = () => {
    for (const listener of listeners) listener()
  }
  picker.begin()
  return { picker, selected, want, chosen, keyOf, tell }
}

test('what is chosen while a channel starts counts at once, and Shaka hears of it when it has started', () => {
  const { picker, selected, chosen, keyOf, tell } = start(false)
  tell()
  picker.pick(keyOf(1))
  expect([selected, chosen()]).toEqual([[], ['de']])
  picker.end()
  expect([selected, chosen()]).toEqual([['de'], ['de']])
  picker.pick(null)
  expect([selected, chosen()]).toEqual([['de', null], []])
})

test('a film begins with subtitles that nobody chose, which nobody sees', () => {
  const { picker, selected, chosen, tell } = start(true)
  tell()
  tell()
  expect([selected, chosen()]).toEqual([['fr'], []])
  picker.end()
  expect([selected, chosen()]).toEqual([['fr', null], []])
})

test('a film begins with the subtitles that are remembered', () => {
  const { picker, selected, chosen, keyOf, tell } = start(true)
  tell()
  picker.pick(keyOf(1))
  expect(chosen()).toEqual(['de'])
  picker.end()
  expect([selected, chosen()]).toEqual([['fr', 'de'], ['de']])
})

test('captions of the picture are wanted while they are chosen, and only then', () => {
  const { picker, want, keyOf } = start(false)
  picker.end()
  for (const key of [keyOf(2), keyOf(0), keyOf(2), null]) picker.pick(key)
  picker.begin()
  expect(want.mock.calls.map(([, isWanted]) => isWanted)).toEqual([false, true, false, true, false, false])
})
