import { afterEach, expect, test, vi } from 'vitest'
import { Failure } from '@/components/shell/failure'
import { PlaybackInput } from '@/lib/playback/schema'
import { linesOf, withDataSaver } from './data-saver'
import { type PlaybackApi, playbackApi } from './engine/playback-api'
import { plainPreferences, setPreferences } from './preferences'

afterEach(() => setPreferences(plainPreferences))

test.each([
  ['off', true, null],
  ['auto', false, null],
  ['auto', true, 480],
  ['720', false, 720],
  ['360', true, 360],
  ['of another version', true, null],
])('%s while data is saved: %s', (choice, saves, lines) => {
  expect(linesOf(choice, () => saves)).toBe(lines)
})

test('everything that is opened is asked for as the viewer chose, but for what names a height itself', async () => {
  const asked: (number | undefined)[] = []
  const api: PlaybackApi = withDataSaver({
    ...playbackApi,
    open: input => {
      asked.push(PlaybackInput.parse(input).maxHeight)
      return Promise.reject(new Error('closed'))
    },
    prewarm: async ({ maxHeight }) => {
      asked.push(maxHeight)
      return { warm: false, session: null }
    },
  })
  const capabilities = { video: [], audio: [], containers: [] }
  const open = (more: { maxHeight?: number } = {}) => api.open({ itemId: 1, capabilities, ...more }).catch(vi.fn())
  setPreferences({ dataSaver: 'off' })
  await open()
  setPreferences({ dataSaver: '480' })
  await open()
  await open({ maxHeight: 4320 })
  await api.prewarm({ itemId: 1, capabilities })
  expect(asked).toEqual([undefined, 480, 4320, 480])
})

test('where nobody chose and the server is too busy to make it smaller, it comes as it is', async () => {
  const asked: (number | undefined)[] = []
  const busy: PlaybackApi = withDataSaver({
    ...playbackApi,
    open: ({ maxHeight }) => {
      asked.push(maxHeight)
      return Promise.reject(new Failure({ code: 'TRANSCODE_BUSY', say: 'busy' }))
    },
  })
  vi.stubGlobal('navigator', { connection: { saveData: true } })
  const open = () => busy.open({ itemId: 1, capabilities: { video: [], audio: [], containers: [] } }).catch(vi.fn())
  setPreferences({ dataSaver: 'auto' })
  await open()
  setPreferences({ dataSaver: '480' })
  await open()
  vi.unstubAllGlobals()
  expect(asked).toEqual([480, undefined, 480])
})
