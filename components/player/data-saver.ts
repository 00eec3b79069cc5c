import { failureOfError } from './engine/failure'
import type { PlaybackApi } from './engine/playback-api'
import { getPreferences } from './preferences'

export const dataSavers = [
  { key: 'off', label: 'Off', note: 'The best picture there is' },
  { key: 'auto', label: 'Automatic', note: 'Up to 480p while this device saves data' },
  { key: '720', label: '720p' },
  { key: '480', label: '480p' },
  { key: '360', label: '360p' },
] as const

/** While the device is told to save data, a picture for a small screen. */
const SAVING = 480

/** Browsers that have the Network Information API say whether their user wants data saved. */
const isSaving = (): boolean => {
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } }
  return connection?.saveData === true
}

/** Lines of the highest picture that a choice lets through; null for any. */
export function linesOf(choice: string, saves: () => boolean = isSaving): number | null {
  if (choice === 'auto') return saves() ? SAVING : null
  const known = dataSavers.find(({ key }) => key === choice)
  return known === undefined || known.key === 'off' ? null : Number(known.key)
}

/**
 * Whatever is opened is asked for as the viewer chose, unless the question itself names a height. Where nobody chose and the server is
 * too busy to make it smaller, it comes as it is.
 */
export function withDataSaver(api: PlaybackApi): PlaybackApi {
  const limit = () => {
    const maxHeight = linesOf(getPreferences().dataSaver)
    return maxHeight === null ? {} : { maxHeight }
  }
  return {
    ...api,
    open: input =>
      api.open({ ...limit(), ...input }).catch(error => {
        const nobodyChose = getPreferences().dataSaver === 'auto' && input.maxHeight === undefined && 'maxHeight' in limit()
        if (!nobodyChose || failureOfError(error).code !== 'TRANSCODE_BUSY') throw error
        return api.open(input)
      }),
    prewarm: input => api.prewarm({ ...limit(), ...input }),
  }
}
