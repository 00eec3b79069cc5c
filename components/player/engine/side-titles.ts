import type { Choice, StreamChoices } from './stream-shapes'

/** What a track has on the screen at a moment. */
export interface ShownTitle {
  /** The same for as long as nothing changes. */
  key: string
  build: () => HTMLElement
}

/** Subtitles that we draw ourselves, because the stream knows nothing of them. */
export interface SideTrack extends Required<Omit<Choice, 'active'>> {
  /** May the viewer shift it in time? What comes with the film is right. */
  canShift: boolean
  at: (seconds: number, video: HTMLVideoElement) => ShownTitle | null
}

export interface SideTitles {
  /** What belonged to something else goes; what belongs to it comes back. */
  belongTo: (item: string) => void
  add: (track: SideTrack) => void
  /** The subtitles that come with what plays, in the place of those before. */
  offer: (tracks: readonly SideTrack[]) => void
  /** The stream's choices with ours behind them. */
  merge: (choices: StreamChoices) => StreamChoices
  /** Answers whether the choice is one of ours; any other choice, and none, takes ours off the screen. */
  pick: (key: string | null) => boolean
  /** Seconds that the chosen subtitles come later; null when they cannot be shifted. */
  delay: () => number | null
  shift: (seconds: number) => void
  /** Nothing is shown until `belongTo`. */
  rest: () => void
}

/** A shift of more than this is another film's file, in seconds. */
const MAX_SHIFT = 120
/** Often enough for words to come with the lips; ms. */
const LOOK_MS = 50

/** Keeps what `now` tells on the screen, from `run` to `rest`. */
export function createPainter(place: HTMLElement | null, now: () => ShownTitle | null) {
  let timer: ReturnType<typeof setInterval> | undefined
  let drawn: { key: string; node: HTMLElement } | null = null
  const clear = () => {
    drawn?.node.remove()
    drawn = null
  }
  const look = () => {
    const shown = now()
    if (shown?.key === drawn?.key) return
    clear()
    if (shown === null || place === null) return
    drawn = { key: shown.key, node: shown.build() }
    place.append(drawn.node)
  }
  return {
    run: () => {
      timer ??= setInterval(look, LOOK_MS)
      look()
    },
    rest: () => {
      clearInterval(timer)
      timer = undefined
      clear()
    },
  }
}

/** Draws the chosen one of the subtitles that were added beside the stream's own. */
export function createSideTitles(video: HTMLVideoElement, place: HTMLElement | null): SideTitles {
  let owner = ''
  let tracks: SideTrack[] = []
  let active: SideTrack | null = null
  let shift = 0
  const painter = createPainter(place, () => active?.at(video.currentTime - shift, video) ?? null)
  const choose = (track: SideTrack | null) => {
    if (track !== active) {
      shift = 0
      painter.rest()
    }
    active = track
    if (track !== null) painter.run()
  }

  return {
    belongTo: item => {
      if (item !== owner) tracks = []
      owner = item
      choose(tracks.find(track => track === active) ?? null)
    },
    add: track => {
      tracks = [...tracks.filter(({ key }) => key !== track.key), track]
    },
    offer: others => {
      tracks = [...tracks.filter(track => track.canShift), ...others]
      choose(tracks.find(({ key }) => key === active?.key) ?? null)
    },
    merge: choices => {
      const own = tracks.map(({ key, label, language }): Choice => ({ key, label, language, active: key === active?.key }))
      const others = active === null ? choices.subtitles : choices.subtitles.map(one => ({ ...one, active: false }))
      return { ...choices, subtitles: [...others, ...own] }
    },
    pick: key => {
      choose(tracks.find(track => track.key === key) ?? null)
      return active !== null
    },
    delay: () => (active?.canShift ? shift : null),
    shift: seconds => {
      // Tenths that are added up must not become 0.30000000000000004.
      shift = Math.round(Math.min(MAX_SHIFT, Math.max(-MAX_SHIFT, shift + seconds)) * 10) / 10
    },
    rest: painter.rest,
  }
}
