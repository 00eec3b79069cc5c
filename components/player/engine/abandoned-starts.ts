import type shaka from 'shaka-player/dist/shaka-player.hls-es2021.js'

/**
 * A jump ends what is being fetched, and Shaka 5.2 keeps an initialisation segment that was ended so as if it were still on its way:
 * it asks for it again and again, and neither picture nor sound ever come (shaka-player issue 10569). So where one was on its way
 * while a viewer jumped, for instance right after choosing another language, all that was fetched ahead is forgotten.
 *
 * Returns what ends it.
 */
export function forgetAbandonedStarts(
  player: shaka.Player,
  { net: { NetworkingEngine } }: Pick<typeof shaka, 'net'>,
  video: HTMLMediaElement,
): () => void {
  const underWay = new Set<shaka.extern.Request>()
  let later: ReturnType<typeof setTimeout> | undefined
  const network = player.getNetworkingEngine()
  const isStart = (context?: shaka.extern.RequestContext) => context?.type === NetworkingEngine.AdvancedRequestType.INIT_SEGMENT
  network?.registerRequestFilter((_type, request, context) => {
    if (isStart(context)) underWay.add(request)
  })
  network?.registerResponseFilter((_type, { originalRequest }) => {
    underWay.delete(originalRequest)
  })
  const forget = () => {
    if (underWay.size === 0) return
    underWay.clear()
    // When the library has heard of the jump too, whichever of us hears of it first.
    later = setTimeout(() => {
      const { segmentPrefetchLimit } = player.getConfiguration().streaming
      player.configure('streaming.segmentPrefetchLimit', 0)
      player.configure('streaming.segmentPrefetchLimit', segmentPrefetchLimit)
    }, 0)
  }
  video.addEventListener('seeking', forget)
  return () => {
    clearTimeout(later)
    video.removeEventListener('seeking', forget)
  }
}
