import { expect, test, vi } from 'vitest'
import { initialSnapshot } from './player-snapshot'
import { createSideTitles } from './side-titles'
import { createStore } from './store'
import { type Choice, noChoices, type Stream } from './stream-shapes'
import { createTrackKeeper, findInLanguage, replayedUntil } from './track-memory'

const choice = (language: string, active = false): Choice => ({ key: language, label: language, language, active })

test.each([
  ['de', ['en', 'de'], 'de'],
  ['de', ['en', 'de-AT'], 'de-AT'],
  ['de-AT', ['de', 'de-AT'], 'de-AT'],
  ['fr', ['en', 'de'], null],
  ['', ['en', ''], null],
])('%s among %j is %s', (wanted, languages, found) => {
  expect(
    findInLanguage(
      languages.map(one => choice(one)),
      wanted,
    )?.key ?? null,
  ).toBe(found)
})

test('a language that plays already is not chosen again', () => {
  expect(findInLanguage([choice('en'), choice('de', true)], 'de')).toBeNull()
})

test.each([
  [100, 90, null, 100],
  [100, 40, null, null],
  [100, 99, null, null],
  [95, 85, 100, 100],
])('a rewind from %d to %d with %s keeps subtitles until %s', (from, to, before, until) => {
  expect(replayedUntil(from, to, before)).toBe(until)
})

function world(subtitles: Choice[], known = { audio: 'de', subtitles: '', replaySubtitles: true }) {
  const store = createStore(initialSnapshot)
  const stream = {
    choices: () => ({ ...noChoices, audio: [choice('en', true), choice('de')], subtitles }),
    pickAudio: vi.fn(),
    pickSubtitles: vi.fn(),
  } as unknown as Stream & { pickAudio: ReturnType<typeof vi.fn>; pickSubtitles: ReturnType<typeof vi.fn> }
  const titles = createSideTitles({ currentTime: 0 } as HTMLVideoElement, null)
  const streams = {
    current: () => stream,
    titles,
    choices: () => titles.merge(stream.choices()),
    pickSubtitles: (key: string | null) => stream.pickSubtitles(titles.pick(key) ? null : key),
    take: async () => stream,
    stop: () => {},
    unload: async () => {},
    prepare: async () => {},
    destroy: async () => {},
  }
  const memory = { recall: () => known, rememberAudio: vi.fn(), rememberSubtitles: vi.fn() }
  return { keeper: createTrackKeeper({ store, streams, memory }), stream, memory, store }
}

test('the language picked last is taken on the next title, once', () => {
  const { keeper, stream } = world([])
  keeper.read()
  keeper.read()
  expect(stream.pickAudio.mock.calls).toEqual([['de']])
})

test('a rewind brings subtitles until the picture is where it was', () => {
  const { keeper, stream } = world([choice('en'), choice('de')])
  keeper.read()
  keeper.moved(100, 90)
  keeper.passed(99)
  expect(stream.pickSubtitles.mock.calls).toEqual([['en']])
  keeper.passed(100.2)
  expect(stream.pickSubtitles.mock.calls).toEqual([['en'], [null]])
})

test('who switched subtitles off keeps them off on the next title', () => {
  const { keeper, stream } = world([choice('en', true)], { audio: '', subtitles: 'off', replaySubtitles: false })
  keeper.read()
  keeper.moved(100, 90)
  expect(stream.pickSubtitles.mock.calls).toEqual([[null]])
})

const line = '1\n00:00:01,000 --> 00:00:02,000\nHello\n'

test("a viewer's file is chosen instead of the stream's subtitles, can be shifted, and goes with the film", async () => {
  const { keeper, stream, store } = world([choice('en', true)], { audio: '', subtitles: '', replaySubtitles: false })
  store.set({ itemId: 1 })
  keeper.read()
  expect(await keeper.addSubtitleFile(new File([line], 'mine.srt'))).toBeNull()
  keeper.read()
  expect(stream.pickSubtitles.mock.calls).toEqual([[null]])
  const listed = () => store.get().choices.subtitles.map(({ label, active }) => [label, active])
  expect(listed()).toEqual([
    ['en', false],
    ['mine.srt', true],
  ])
  for (const step of [0.1, 0.1, 0.1]) keeper.shiftSubtitles(step)
  expect(store.get().subtitleDelay).toBe(0.3)
  keeper.pickSubtitles('en')
  keeper.read()
  expect(store.get().subtitleDelay).toBeNull()
  store.set({ itemId: 2 })
  keeper.read()
  expect(listed()).toEqual([['en', true]])
})

test('a file that holds no subtitles changes nothing and says so', async () => {
  const { keeper, store } = world([choice('en', true)])
  expect(await keeper.addSubtitleFile(new File(['Dear Ann'], 'letter.txt'))).toMatch(/no subtitles/)
  keeper.read()
  expect(store.get().choices.subtitles).toHaveLength(1)
})
