import { SECOND, sleep } from '@/lib/kernel/time'
import type { PlaybackView } from '@/lib/playback/schema'
import { findCapabilities, learnDecoders } from './capabilities'
import { createControls, type PlayerControls, readSound, readTime } from './controls'
import { blameKey, type Failure, failureOfQuiet } from './failure'
import { nextPhase, type PhaseEvent } from './phase'
import { type PlaybackApi, playbackApi } from './playback-api'
import { beginningOf, initialSnapshot, type PlayerSnapshot, shapeOf, whereIn } from './player-snapshot'
import { createQuietWatch } from './quiet-watch'
import { recallSound } from './remembered-sound'
import { FORGIVEN_AFTER, nextTry } from './retry'
import { createSessionAhead, FAREWELL_MS, type SessionAhead } from './session-ahead'
import { createSessionKeeper, type SessionKeeper } from './session-keeper'
import { atMost, fromHere, type OpenWish, openSession, withoutSource } from './session-open'
import { isOvertaken, loadShaka, readFailure } from './shaka-stream'
import { createStore, type Store } from './store'
import { createStreams, type Streams } from './streams'
import { createTrackKeeper, noMemory, type TrackKeeper, type TrackMemory } from './track-memory'
import { captureStill, onFirstFrame, watchVideo } from './video-watch'

export interface PlayerOptions {
  /** Where subtitles are drawn. */
  subtitles: HTMLElement | null
  /** Keeps the last picture while the next stream starts. */
  still: HTMLCanvasElement | null
  api?: PlaybackApi
  memory?: TrackMemory
}

/** One item after another in one video element: sessions, streams, failures and new tries. Knows nothing of the screen. */
export class Player {
  readonly controls: PlayerControls
  readonly subscribe: Store<PlayerSnapshot>['subscribe']
  readonly getSnapshot: () => PlayerSnapshot

  readonly #video: HTMLVideoElement
  readonly #still: HTMLCanvasElement | null
  readonly #api: PlaybackApi
  readonly #store: Store<PlayerSnapshot>
  readonly #streams: Streams
  readonly #tracks: TrackKeeper
  readonly #keeper: SessionKeeper
  readonly #ahead: SessionAhead
  readonly #life = new AbortController()
  #turn = new AbortController()
  #wish: OpenWish | null = null
  #wantsPlay = true
  /** False while the element still shows the stream before. */
  #listening = false
  #playingSince = 0

  constructor(video: HTMLVideoElement, { subtitles, still, api = playbackApi, memory = noMemory }: PlayerOptions) {
    this.#video = video
    this.#still = still
    this.#api = api
    const sound = recallSound()
    this.#store = createStore<PlayerSnapshot>({ ...initialSnapshot, ...sound })
    this.subscribe = this.#store.subscribe
    this.getSnapshot = this.#store.get
    this.#streams = createStreams(video, subtitles, {
      shape: () => shapeOf(this.#store.get()),
      onFailure: failure => void this.#recover(failure),
      // The stream before tells of its own tracks until it is gone.
      onTracks: () => this.#listening && this.#tracks.read(),
    })
    this.#tracks = createTrackKeeper({ store: this.#store, streams: this.#streams, memory })
    this.#keeper = this.#createKeeper()
    this.#ahead = createSessionAhead(api)
    this.controls = createControls({
      video,
      store: this.#store,
      streams: this.#streams,
      tracks: this.#tracks,
      onWish: wantsPlay => {
        this.#wantsPlay = wantsPlay
      },
    })
    video.volume = sound.volume
    video.muted = sound.muted
    this.#watch()
    void loadShaka().catch(() => {})
    void learnDecoders(video)
  }

  readonly open = (wish: OpenWish): void => {
    this.#wantsPlay = true
    this.#begin(wish)
  }

  /** The same item from another source; the picture stays until the new one is there. */
  readonly switchSource = (sourceId: number): void => {
    const { phase } = this.#store.get()
    if (phase !== 'failed' && phase !== 'loading') void this.#handOver(sourceId)
    else if (this.#wish) this.#begin({ ...this.#wish, sourceId })
  }

  /** After a failure: once more from the beginning of the line. */
  readonly retry = (): void => {
    if (this.#wish) this.open(withoutSource(this.#wish))
  }

  /** The same from here, with a picture of at most so many lines; without a number as high as the data saver lets through. */
  readonly again = (maxHeight?: number): void => {
    this.#ahead.drop()
    if (this.#wish) this.#begin(atMost(fromHere(this.#wish, this.#store.get()), maxHeight))
  }

  readonly note = (): void => this.#keeper.touch()

  /** The viewer may turn to this channel next: it is received and its session opened, if there is room. */
  readonly expect = (itemId: number): Promise<void> =>
    this.#ahead.ask({ itemId, capabilities: findCapabilities(this.#video) }, () => (this.#wish?.itemId ?? itemId) !== itemId)

  readonly close = (): Promise<void> => {
    this.#ahead.drop()
    this.#startTurn()
    this.#wish = null
    this.#listening = false
    this.#video.pause()
    this.#advance('closed')
    void this.#streams.unload()
    return this.#keeper.release()
  }

  readonly destroy = (): void => {
    void this.close()
    this.#life.abort()
    this.#keeper.destroy()
    void this.#streams.destroy()
  }

  #showStill(shown: boolean): void {
    if (this.#still) this.#still.hidden = !shown
    this.#store.set({ still: shown })
  }

  #advance(event: PhaseEvent): void {
    this.#store.set({ phase: nextPhase(this.#store.get().phase, event) })
  }

  #startTurn(): AbortSignal {
    this.#turn.abort()
    this.#turn = new AbortController()
    return this.#turn.signal
  }

  #createKeeper(): SessionKeeper {
    return createSessionKeeper(this.#api, {
      where: () => whereIn(this.#store.get()),
      onNews: (sessionId, news) => {
        const { session } = this.#store.get()
        if (session?.sessionId !== sessionId) return
        this.#store.set({ session: { ...session, ...news } })
        if (news.url) this.#streams.current()?.renew?.(news.url)
      },
      onOnline: () => this.#store.get().phase !== 'playing' && this.#store.get().failure?.retryable && this.retry(),
      onReturn: () => this.#wish && this.#begin(fromHere(this.#wish, this.#store.get())),
    })
  }

  #watch(): void {
    const seams = { video: this.#video, store: this.#store, streams: this.#streams, tracks: this.#tracks }
    const news = {
      onPhase: (event: PhaseEvent) => {
        if (!this.#listening) return
        if (event === 'moving') this.#playingSince = performance.now()
        this.#advance(event)
      },
      onTime: () => this.#listening && readTime(seams),
      onSound: () => readSound(seams),
      onSettled: () => this.#listening && this.#keeper.touch(),
    }
    watchVideo(this.#video, news, this.#life.signal)
    const isQuiet = createQuietWatch(this.#video, this.#store)
    const beat = setInterval(() => {
      if (this.#listening) readTime(seams)
      this.#forgive()
      if (isQuiet()) void this.#recover(failureOfQuiet(this.#store.get().failure, navigator.onLine))
    }, SECOND)
    this.#life.signal.addEventListener('abort', () => clearInterval(beat))
  }

  #forgive(): void {
    const { phase, tried, failure } = this.#store.get()
    if (phase !== 'playing' || (tried === 0 && failure === null)) return
    if (performance.now() - this.#playingSince > FORGIVEN_AFTER) this.#store.set({ tried: 0, failure: null })
  }

  #begin(wish: OpenWish, tried = 0): void {
    const signal = this.#startTurn()
    this.#wish = wish
    this.#listening = false
    this.#showStill(captureStill(this.#video, this.#still))
    // The old stream goes while the new session is being opened: its slot is free at once.
    this.#streams.stop()
    this.#advance('open')
    const known = tried === 0 ? { failure: null } : {}
    this.#store.set({ itemId: wish.itemId, switching: false, firstFrameMs: null, tried, ...known })
    void this.#run(wish, signal, tried)
  }

  async #run(wish: OpenWish, signal: AbortSignal, tried: number): Promise<void> {
    const began = performance.now()
    try {
      const ahead = this.#ahead.take(wish)
      // A channel that runs already waits for nothing of the session before, which goes when the picture is there.
      const freed = this.#keeper.release(ahead === null ? 0 : FAREWELL_MS)
      const view = ahead ?? (await openSession({ video: this.#video, api: this.#api, wish, signal, freed }))
      this.#keeper.hold(view)
      await this.#show(view, wish, began, signal)
      if (ahead !== null) this.#keeper.touch()
    } catch (error) {
      if (!signal.aborted && !isOvertaken(error)) await this.#tryAgain(readFailure(error), withoutSource(wish), tried, signal)
    }
  }

  async #tryAgain(fault: Failure, wish: OpenWish, tried: number, signal: AbortSignal): Promise<void> {
    const { session, choices, firstFrameMs } = this.#store.get()
    // A session that was given back belonged to what played before, and so do its sources.
    const own = session && this.#keeper.holds(session.sessionId) ? session : null
    const failure = blameKey(fault, { drm: own?.drm ?? null, hadPicture: firstFrameMs !== null })
    const next = nextTry(failure, tried, { wish, facts: { session: own, choices } })
    this.#store.set({ failure, switching: false })
    if (next === null) {
      this.#advance('broken')
      this.#showStill(false)
      this.#video.pause()
      return this.#keeper.release()
    }
    await sleep(next.delay, signal).catch(() => {})
    if (!signal.aborted) this.#begin(next.wish, tried + 1)
  }

  /** The stream broke while it played: reopen where it broke. */
  async #recover(failure: Failure): Promise<void> {
    const { phase, session, tried } = this.#store.get()
    if (!this.#wish || !session || phase === 'failed' || phase === 'idle') return
    const wish = fromHere(this.#wish, this.#store.get())
    const forgiven = performance.now() - this.#playingSince > FORGIVEN_AFTER && phase !== 'loading'
    const signal = this.#startTurn()
    this.#advance('starved')
    await this.#tryAgain(failure, wish, forgiven ? 0 : tried, signal)
  }

  async #show(view: PlaybackView, wish: OpenWish, began: number, signal: AbortSignal): Promise<void> {
    const start = view.live ? null : (wish.startSeconds ?? view.resumeSeconds)
    const listen = () => {
      this.#listening = true
    }
    const onFrame = () => {
      listen()
      performance.measure('player:first-frame', { start: began })
      this.#showStill(false)
      this.#store.set({ firstFrameMs: Math.round(performance.now() - began), failure: null })
    }
    onFirstFrame(this.#video, onFrame, signal)
    if (!this.#store.get().still) this.#showStill(captureStill(this.#video, this.#still))
    this.#store.set(beginningOf(view, start ?? 0))
    if (this.#video.readyState === HTMLMediaElement.HAVE_NOTHING) listen()
    else this.#video.addEventListener('emptied', listen, { once: true, signal })
    this.#video.autoplay = this.#wantsPlay
    const stream = await this.#streams.take(view.mode)
    signal.throwIfAborted()
    stream.protect?.(view.drm)
    await stream.load(view.url, view.mimeType, start)
    signal.throwIfAborted()
    if (wish.lowest) stream.pickQuality(stream.choices().qualities.at(-1)?.key ?? null)
    listen()
    this.#tracks.read()
    this.#video.playbackRate = view.live ? 1 : this.#store.get().speed
    if (this.#wantsPlay) this.controls.play()
    else this.#advance('halted')
  }

  async #handOver(sourceId: number): Promise<void> {
    const { session, itemId } = this.#store.get()
    if (!session || itemId === null) return
    const signal = this.#startTurn()
    const wish = { ...fromHere(this.#wish ?? { itemId }, this.#store.get()), sourceId }
    this.#wish = wish
    this.#store.set({ switching: true, firstFrameMs: null })
    const began = performance.now()
    try {
      const view = await openSession({ video: this.#video, api: this.#api, wish, signal, release: this.#keeper.release })
      if (view.mode === session.mode) await this.#streams.prepare(view, wish.startSeconds ?? null)
      signal.throwIfAborted()
      void this.#keeper.release()
      this.#keeper.hold(view)
      this.#listening = false
      this.#advance('open')
      await this.#show(view, { ...wish, ...fromHere(wish, this.#store.get()) }, began, signal)
      this.#store.set({ switching: false, failure: null, tried: 0 })
    } catch (error) {
      if (!signal.aborted && !isOvertaken(error))
        await this.#tryAgain(readFailure(error), fromHere(wish, this.#store.get()), 0, signal)
    }
  }
}

export const createPlayer = (video: HTMLVideoElement, options: PlayerOptions): Player => new Player(video, options)
