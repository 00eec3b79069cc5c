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

const isInPicture = ({ mimeType }: shaka.extern.TextTrack): boolean => mimeType?.startsWith('application/cea-') ?? false

function isBuffered({ buffered, currentTime }: HTMLMediaElement): boolean {
  return Array.from({ length: buffered.length }).some(
    (_, at) => buffered.start(at) <= currentTime && currentTime < buffered.end(at),
  )
}

/**
 * Chooses subtitles when Shaka is ready for it.
 *
 * What is chosen while it starts it takes for chosen already and never fetches, so that waits until it has started. And it keeps text
 * back until a piece of picture has come after text was first chosen: in a film that is all there already it would never be seen. So
 * some text is chosen while a film begins, and let go of when nobody wants it.
 */
export function createTextPicker(
  player: shaka.Player,
  video: HTMLVideoElement,
  isFilm: () => boolean,
  captions: ParkedCaptions,
): TextPicker {
  let isStarting = false
  let isDue = false
  /** What was chosen only so that Shaka begins. */
  let primed: string | null = null
  let waiting: { key: string | null } | null = null
  /** Subtitles that show have been fetched from this second on. */
  let fetchedFrom = 0

  player.addEventListener('trackschanged', () => {
    const [first] = player.getTextTracks()
    if (!isDue || first === undefined || !isFilm()) return
    isDue = false
    primed = textKey(first)
    player.selectTextTrack(first)
  })

  // Captions that are put away reach back to the beginning for Shaka, so that it believes to have all subtitles before: heard of first.
  const fetchAnew = () => {
    const tracks = player.getTextTracks()
    const shown = tracks.find(({ active }) => active)
    const isHere = video.currentTime >= fetchedFrom && isBuffered(video)
    if (isStarting || isHere || shown === undefined || isInPicture(shown) || !tracks.some(isInPicture)) return
    fetchedFrom = video.currentTime
    player.selectTextTrack(null)
    player.selectTextTrack(shown)
  }
  video.addEventListener('seeking', fetchAnew, true)

  const pick = (key: string | null) => {
    const track = player.getTextTracks().find(one => textKey(one) === key) ?? null
    captions.want(player, track !== null && isInPicture(track))
    fetchedFrom = video.currentTime
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
    destroy: () => {
      video.removeEventListener('seeking', fetchAnew, true)
      captions.want(player, false)
    },
  }
}
