import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createLiveStream } from './live-stream'
import { type PacedProvider, startPacedProvider } from './relay/paced-provider.test-support'
import { closeAllRelays, findRelay, openRelay } from './relay/registry'

/** A list of files without a beginning that fits them is nothing that a relay can read. */
const playlist = '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00Z\n#EXTINF:2,\n1.m4s\n'
let provider: PacedProvider

beforeAll(async () => {
  provider = await startPacedProvider({ '/own': (_request, response) => response.end(playlist) })
})
afterEach(() => closeAllRelays())
afterAll(() => provider.close())

function streamFor(offersChoice: boolean) {
  const open = () => openRelay({ key: 'own', sources: [provider.source('/own')], options: { sniffMs: 300 } })
  return createLiveStream({
    sessionId: 's',
    base: open,
    open,
    route: async relay => ({ relay, rungs: null }),
    offersChoice,
    find: () => findRelay('own'),
    hlsAddress: id => `/hls${id}`,
  })
}

test("a provider's own playlist: an app is sent to it, a page opens a session that knows of it", async () => {
  const signal = AbortSignal.timeout(10_000)
  expect(await streamFor(false).index(signal)).toEqual({ location: '/hls/own' })
  await expect(streamFor(true).index(signal)).rejects.toMatchObject({ code: 'STREAM_ENDED' })
  await expect(streamFor(true).media(signal)).rejects.toMatchObject({ code: 'STREAM_ENDED' })
})
