import { pictureTracks } from './picture-titles'
import type { PlayerSnapshot } from './player-snapshot'
import type { Store } from './store'
import type { Choice, StreamChoices } from './stream-shapes'
import type { Streams } from './streams'
import { openSubtitleFile } from './subtitle-file'
import { writtenTrack } from './written-titles'

/** Where the languages that a viewer picked are kept. */
export interface TrackMemory {
  recall: () => { audio: string; subtitles: string; replaySubtitles: boolean }
  rememberAudio: (language: string) => void
  /** A language, or `off`. */
  rememberSubtitles: (language: string) => void
}

export const noMemory: TrackMemory = {
  recall: () => ({ audio: '', subtitles: '', replaySubtitles: false }),
  rememberAudio: () => {},
  rememberSubtitles: () => {},
}

/** Rewinding further than this is no "what did they say". */
const SHORT_REWIND = 35

const base = (language: string) => language.toLowerCase().split('-')[0] ?? ''

/** The choice in this language, a described one last; null when it is not there or plays already. */
export function findInLanguage(choices: readonly Choice[], language: string): Choice | null {
  if (language === '') return null
  const fitting = choices.filter(choice => base(choice.language ?? '') === base(language))
  if (fitting.some(choice => choice.active)) return null
  return fitting.find(choice => choice.language === language) ?? fitting[0] ?? null
}

/** Until where subtitles stay that a rewind called; null when it calls none. */
export function replayedUntil(from: number, to: number, before: number | null): number | null {
  if (before !== null) return Math.max(before, from)
  return from - to > 3 && from - to <= SHORT_REWIND ? from : null
}

export interface TrackKeeper {
  /** The stream tells that its tracks are others now. */
  read: () => void
  pickAudio: (key: string) => void
  pickSubtitles: (key: string | null) => void
  /** Adds a file of the viewer's and chooses it. Answers a sentence when there is nothing in it to show. */
  addSubtitleFile: (file: File) => Promise<string | null>
  /** Lets the viewer's file come so many seconds later than now. */
  shiftSubtitles: (seconds: number) => void
  /** The viewer goes from one second to another. */
  moved: (from: number, to: number) => void
  passed: (position: number) => void
}

interface Seams {
  store: Store<PlayerSnapshot>
  streams: Streams
  memory: TrackMemory
}

/** What is chosen at first: once a session and kind, as soon as there is something to choose from. */
function createFirstChoice({ store, streams, memory }: Seams): (choices: StreamChoices) => void {
  let session: string | null = null
  let waits = { audio: true, subtitles: true }
  return ({ audio, subtitles }) => {
    const now = store.get().session?.sessionId ?? null
    if (now !== session) waits = { audio: true, subtitles: true }
    session = now
    const known = memory.recall()
    if (waits.audio && audio.length > 0) {
      waits.audio = false
      const wanted = findInLanguage(audio, known.audio)
      if (wanted) streams.current()?.pickAudio(wanted.key)
    }
    if (waits.subtitles && subtitles.length > 0) {
      waits.subtitles = false
      const wanted = known.subtitles === 'off' ? null : findInLanguage(subtitles, known.subtitles)
      if (wanted) streams.pickSubtitles(wanted.key)
      else if (known.subtitles === 'off' && subtitles.some(choice => choice.active)) streams.pickSubtitles(null)
    }
  }
}

/** What subtitles belong to: a file for a film says nothing of the next one. */
const ownerOf = ({ itemId, session }: PlayerSnapshot): string => `${itemId}/${session?.live}/${session?.catchUp?.start ?? ''}`

/** The picture subtitles of each session, once. */
function createOffer({ store, streams }: Seams): () => void {
  let offered: string | null = null
  return () => {
    const { session } = store.get()
    if (session === null || session.sessionId === offered) return
    offered = session.sessionId
    streams.titles.offer(pictureTracks(session, () => store.get().session?.url ?? session.url))
  }
}

/** Audio and subtitle tracks with a memory for languages. */
export function createTrackKeeper(seams: Seams): TrackKeeper {
  const { store, streams, memory } = seams
  const chooseFirst = createFirstChoice(seams)
  let until: number | null = null
  const offerPictures = createOffer(seams)
  const languageOf = (choices: readonly Choice[], key: string | null) =>
    choices.find(choice => choice.key === key)?.language ?? ''

  return {
    read: () => {
      streams.titles.belongTo(ownerOf(store.get()))
      offerPictures()
      const choices = streams.choices()
      store.set({ choices, subtitleDelay: streams.titles.delay() })
      chooseFirst(choices)
    },
    pickAudio: key => {
      memory.rememberAudio(languageOf(store.get().choices.audio, key))
      streams.current()?.pickAudio(key)
    },
    pickSubtitles: key => {
      until = null
      memory.rememberSubtitles(key === null ? 'off' : languageOf(store.get().choices.subtitles, key))
      streams.pickSubtitles(key)
    },
    addSubtitleFile: async file => {
      const owner = ownerOf(store.get())
      const read = await openSubtitleFile(file)
      if ('problem' in read) return read.problem
      if (owner !== ownerOf(store.get())) return null
      const track = writtenTrack(file.name, read.cues)
      streams.titles.add(track)
      until = null
      streams.pickSubtitles(track.key)
      return null
    },
    shiftSubtitles: seconds => {
      streams.titles.shift(seconds)
      store.set({ subtitleDelay: streams.titles.delay() })
    },
    moved: (from, to) => {
      const { subtitles } = store.get().choices
      const known = memory.recall()
      const off = until !== null || !subtitles.some(choice => choice.active)
      if (!known.replaySubtitles || !off || subtitles.length === 0 || to > from) return
      until = replayedUntil(from, to, until)
      if (until === null) return
      const wanted = findInLanguage(subtitles, known.subtitles) ?? subtitles[0]
      if (wanted && !wanted.active) streams.pickSubtitles(wanted.key)
    },
    passed: position => {
      if (until === null || position < until) return
      until = null
      streams.pickSubtitles(null)
    },
  }
}
