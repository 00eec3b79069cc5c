import type shaka from 'shaka-player/dist/shaka-player.hls-es2021.js'
import { SECOND } from '@/lib/kernel/time'
import { QualitySteps } from './quality-steps'
import { isInPicture } from './text-picker'

/** Shaka's own choice of quality; when a film follows it, and from where on, is ours. */
export function createQualityChoice(library: typeof shaka, player: shaka.Player, isFilm: () => boolean): shaka.extern.AbrManager {
  const choice = new library.abr.SimpleAbrManager()
  const init = choice.init.bind(choice)
  choice.init = (change: shaka.extern.AbrManager.SwitchCallback, disable: shaka.extern.AbrManager.DisableStreamCallback) => {
    const steps = new QualitySteps()
    init((...asked: Parameters<typeof change>) => {
      if (!isFilm()) return change(...asked)
      const [variant] = asked
      const step = steps.take({ bandwidth: variant.bandwidth, ...stateOf(player), at: performance.now() / SECOND })
      if (step === 'wait') return
      // Captions of the picture would go with it, those of what stays too.
      const isPlain = step === 'switch' || player.getTextTracks().some(track => track.active && isInPicture(track))
      if (isPlain) change(variant)
      else change(variant, true, step.kept)
    }, disable)
  }
  return choice
}

function stateOf(player: shaka.Player): { current: number; position: number; end: number } {
  const position = player.getMediaElement()?.currentTime ?? 0
  const current = player.getVariantTracks().find(({ active }) => active)?.bandwidth ?? 0
  return { current, position, end: player.getBufferedInfo().video.at(-1)?.end ?? position }
}
