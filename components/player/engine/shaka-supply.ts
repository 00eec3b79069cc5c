import type shaka from 'shaka-player/dist/shaka-player.hls-es2021.js'
import { createSupplyWatch, type Supply } from './supply'

/** Seconds at which the newest listed segment ends; null: nothing more will be listed. */
function listedEnd(player: shaka.Player): number | null {
  if (!player.isLive()) return null
  const ends = (player.getManifest()?.variants ?? []).flatMap(({ video, audio }) => {
    const index = (video ?? audio)?.segmentIndex
    const last = index?.get(index.getNumEvicted() + index.getNumReferences() - 1)
    return last ? [last.endTime as number] : []
  })
  return ends.length > 0 ? Math.max(...ends) : null
}

/** Tells of one Shaka player what keeps its next part away. */
export function watchSupply(player: shaka.Player, { net }: typeof shaka): { reset: () => void; read: () => Supply | null } {
  const { MANIFEST, SEGMENT } = net.NetworkingEngine.RequestType
  const watch = createSupplyWatch()
  const engine = player.getNetworkingEngine()
  engine?.registerRequestFilter((type, request) => {
    if (type === SEGMENT || type === MANIFEST) watch.asked(request, type === SEGMENT)
  })
  const listen = (name: string, call: (event: { request: object; httpResponseCode?: number }) => void) =>
    player.addEventListener(name, event => 'request' in event && call(event as unknown as { request: object }))
  listen('downloadheadersreceived', ({ request }) => watch.begun(request))
  listen('downloadcompleted', ({ request }) => watch.ended(request, true))
  listen('downloadfailed', ({ request, httpResponseCode = 0 }) => watch.ended(request, httpResponseCode > 0))
  return {
    reset: watch.reset,
    read: () => {
      const { total } = player.getBufferedInfo()
      return watch.read(listedEnd(player), total.at(-1)?.end ?? 0)
    },
  }
}
