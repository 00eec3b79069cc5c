import type shaka from 'shaka-player/dist/shaka-player.hls-es2021.js'
import type { StreamChoices } from './stream-shapes'
import { textKey } from './track-labels'

interface TextPrimer {
  begin: () => void
  /** The same choices without the one that nobody made. */
  hide: (choices: StreamChoices) => StreamChoices
  /** Somebody chose. */
  forget: () => void
  end: () => void
}

/**
 * Shaka keeps text back until a piece of picture has come after text was first chosen: in a film that is all there already it would
 * never be seen. So some text is chosen while a film begins, and let go of when nobody wants it.
 */
export function createTextPrimer(player: shaka.Player, isFilm: () => boolean): TextPrimer {
  let isDue = false
  let key: string | null = null
  player.addEventListener('trackschanged', () => {
    const [first] = player.getTextTracks()
    if (!isDue || first === undefined || !isFilm()) return
    isDue = false
    key = textKey(first)
    player.selectTextTrack(first)
  })
  return {
    begin: () => {
      isDue = true
      key = null
    },
    hide: choices => {
      const subtitles = choices.subtitles.map(one => (one.key === key ? { ...one, active: false } : one))
      return { ...choices, subtitles }
    },
    forget: () => {
      key = null
    },
    end: () => {
      isDue = false
      if (key !== null) player.selectTextTrack(null)
      key = null
    },
  }
}
