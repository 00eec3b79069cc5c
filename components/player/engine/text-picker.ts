import type shaka from 'shaka-player/dist/shaka-player.hls-es2021.js'
import type { ParkedCaptions } from './parked-captions'
import type { StreamChoices } from './stream-shapes'
import { textKey } from './track-labels'

interface TextPicker {
  /** Something is about to be loaded. */
  begin: () => void
  /** The same choices without the one that nobody made. */
  hide: (choices: StreamChoices) => StreamChoices
  /** Somebody chose. */
  pick: (key: string | null) => void
  /** It is loaded. */
  end: () => void
  /** Nothing will be chosen any more. */
  destroy: () => void
}

/** Captions that travel in the picture. */
export const isInPicture = ({ mimeType }: shaka.extern.TextTrack): boolean => mimeType?.startsWith('application/cea-') ?? false

/**
 * Chooses subtitles when Shaka is ready for it.
 *
 * What is chosen while it starts it takes for chosen already and never fetches, so that waits until it has started. And it keeps text
 * back until a piece of picture has come after text was first chosen: in a film that is all there already it would never be seen. So
 * some text is chosen while a film begins, and let go of when nobody wants it.
 */
export function createTextPicker(player: shaka.Player, isFilm: () => boolean, captions: ParkedCaptions): TextPicker {
  let isStarting = false
  let isDue = false
  /** What was chosen only so that Shaka begins. */
  let primed: string | null = null
  let waiting: { key: string | null } | null = null

  player.addEventListener('trackschanged', () => {
    const [first] = player.getTextTracks()
    if (!isDue || first === undefined || !isFilm()) return
    isDue = false
    primed = textKey(first)
    player.selectTextTrack(first)
  })

  const pick = (key: string | null) => {
    const track = player.getTextTracks().find(one => textKey(one) === key) ?? null
    captions.want(player, track !== null && isInPicture(track))
    player.selectTextTrack(track)
  }

  return {
    begin: () => {
      isStarting = isDue = true
      primed = waiting = null
      captions.want(player, false)
    },
    hide: choices => {
      const chosen = waiting
      const shown = (key: string, active: boolean) => (chosen === null ? active && key !== primed : key === chosen.key)
      return { ...choices, subtitles: choices.subtitles.map(one => ({ ...one, active: shown(one.key, one.active) })) }
    },
    pick: key => {
      primed = null
      if (isStarting) waiting = { key }
      else pick(key)
    },
    end: () => {
      isStarting = isDue = false
      if (waiting !== null) pick(waiting.key)
      else if (primed !== null) pick(null)
      primed = null
      waiting = null
    },
    destroy: () => captions.want(player, false),
  }
}
