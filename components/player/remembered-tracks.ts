import type { TrackMemory } from './engine/track-memory'
import { getPreferences, setPreferences } from './preferences'

/** The languages this profile picked last. */
export const trackMemory: TrackMemory = {
  recall: () => {
    const { audio, subtitles, replaySubtitles } = getPreferences()
    return { audio, subtitles, replaySubtitles }
  },
  rememberAudio: audio => setPreferences({ audio }),
  rememberSubtitles: subtitles => setPreferences({ subtitles }),
}
