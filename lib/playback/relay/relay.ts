import type { Writable } from 'node:stream'
import { AppError } from '@/lib/kernel/errors'
import { sleep } from '@/lib/kernel/time'
import { Ring } from '../ring'
import { type Segment, Segmenter } from '../segmenter'
import type { TsPacket, TsProgram, TsScanner, TsSink } from '../ts/scanner'
import { FlushClock } from './flush-clock'
import { HlsWindow, type SegmentShelf } from './hls-window'
import { PacketBatch } from './packet-batch'
import { defaultRelayOptions, type RelayOptions } from './relay-options'
import { moveRelay, type RelayState } from './relay-state'
import { RelayViewers } from './relay-viewers'
import { type Measured, SourceMeter } from './source-meter'
import { SourceRotation } from './source-rotation'
import { type RelaySource, runUpstream, type UpstreamLimits } from './upstream'

export interface RelayHooks {
  /** Filled while players of segments watch; closed with the relay. */
  shelf?: SegmentShelf
  /** The source's first segment is there, so its program is known in full; again when that changed, and once it is measured. */
  onSourceLive?(sourceId: string, program: TsProgram, measured: Measured | null): void
  /** The source serves a playlist; the relay ends. */
  onPlaylist?(sourceId: string): void
  onSourceFailed?(sourceId: string, error: AppError): void
  onClose?(): void
}

/**
 * One channel: at most one upstream connection at a time, any number of viewers. Starts with its first viewer and ends at
 * once with its last. When a source dies the next one takes over and viewers stay.
 */
export class Relay implements TsSink {
  readonly hls: HlsWindow
  /** Set when a source turned out to serve a playlist: that source must be played through the HLS proxy. */
  playlistSourceId: string | null = null
  /** Why the relay ended, once it has. */
  endError: AppError | null = null
  readonly #options: RelayOptions
  readonly #limits: UpstreamLimits
  readonly #hooks: RelayHooks
  readonly #rotation: SourceRotation
  readonly #ring: Ring
  readonly #segmenter: Segmenter
  readonly #batch = new PacketBatch()
  readonly #clock = new FlushClock(
    () => this.#viewers.coalesceMs,
    () => this.#flush(),
  )
  readonly #viewers: RelayViewers
  readonly #abort = new AbortController()
  readonly #breakWatchers = new Set<() => void>()
  #state: RelayState = 'idle'
  #scanner: TsScanner | null = null
  readonly #meter = new SourceMeter()
  #sourceId: string | null = null
  #isAtKeyframe = false
  #sweepTimer: NodeJS.Timeout | null = null

  constructor(sources: readonly RelaySource[], options: Partial<RelayOptions> = {}, hooks: RelayHooks = {}) {
    this.#options = { ...defaultRelayOptions, ...options }
    this.#hooks = hooks
    this.#rotation = new SourceRotation(sources, this.#options)
    const { connectMs, connectWithOthersMs } = this.#options
    const patience = sources.length > 1 ? Math.min(connectMs, connectWithOthersMs) : connectMs
    this.#limits = { ...this.#options, connectMs: patience }
    this.#ring = new Ring(this.#options.ringBytes)
    this.#viewers = new RelayViewers({
      ...this.#options,
      ring: this.#ring,
      tables: () => this.program?.tables ?? Buffer.alloc(0),
      onEmpty: () => this.close(),
    })
    const upcoming = () => this.#segmenter.upcoming()
    this.hls = new HlsWindow({ maxBytes: this.#options.segmentBytes, upcoming, kept: () => hooks.shelf?.list() ?? [] })
    this.#segmenter = new Segmenter({
      program: () => this.program,
      onSegment: segment => {
        this.hls.add(segment)
        this.#meter.onSegment(segment)
        if (this.#viewers.hasHls) this.#hooks.shelf?.add(segment)
        this.#tellProgram()
      },
      options: this.#options.segmenter,
      firstSequence: this.#options.firstSequence,
    })
  }

  get state(): RelayState {
    return this.#state
  }

  /** The source that is playing or being tried. */
  get sourceId(): string | null {
    return this.#sourceId
  }

  get program(): TsProgram | null {
    return this.#scanner?.program ?? null
  }

  get viewers(): number {
    return this.#viewers.count
  }

  /** Milliseconds between two reads of the source. */
  get readEveryMs(): number {
    return this.#viewers.readEveryMs
  }

  /** A segment in memory or on the shelf. */
  async findSegment(sequence: number): Promise<Segment | null> {
    return this.hls.find(sequence) ?? (await this.#hooks.shelf?.find(sequence)) ?? null
  }

  /** Counts an HLS viewer, from now or again. Starts the upstream when it is the first. */
  touchHls(sessionId: string): void {
    if (this.#state === 'closed') return
    this.#viewers.touchHls(sessionId)
    this.#start()
  }

  leaveHls(sessionId: string): void {
    this.#viewers.leaveHls(sessionId)
  }

  /** Sends raw transport stream to `output`, beginning at the newest key frame, until either side ends. */
  addRaw(output: Writable): void {
    if (this.#state === 'closed') throw this.endError ?? new AppError('STREAM_ENDED')
    const viewer = this.#viewers.addRaw(output)
    this.#start()
    viewer.pump()
  }

  /** Resolves when a raw viewer would get a picture at once. Whoever waits is a viewer. Throws why the relay ended. */
  async waitForPicture(signal: AbortSignal): Promise<void> {
    if (this.#state === 'closed') throw this.endError ?? new AppError('STREAM_ENDED')
    this.#start()
    const picture = this.hls.waitUntil(() => this.#ring.newestKeyframe() !== null || this.#isAtKeyframe, signal)
    await this.#viewers.whileWaiting(picture).catch(error => {
      throw this.endError ?? error
    })
  }

  /** Keeps the channel running for something that reads it on and off, until the answer is called. */
  hold(): () => void {
    return this.#viewers.hold()
  }

  /** Calls when what follows does not continue what came: another source, or other streams. Answers how to stop that. */
  watchBreaks(watcher: () => void): () => void {
    this.#breakWatchers.add(watcher)
    return () => void this.#breakWatchers.delete(watcher)
  }

  /** Ends everything: the upstream at once, viewers with what they have. */
  close(error: AppError = new AppError('STREAM_ENDED')): void {
    if (this.#state === 'closed') return
    this.#move('closed')
    this.endError = error
    this.#abort.abort(error)
    this.#clock.cancel()
    if (this.#sweepTimer !== null) clearInterval(this.#sweepTimer)
    this.#segmenter.breakOff()
    this.hls.end()
    this.#viewers.end()
    void this.#hooks.shelf?.close()
    this.#hooks.onClose?.()
  }

  onPacket(packet: TsPacket): void {
    this.#segmenter.onPacket(packet)
    this.#meter.onPacket(packet)
    const isKey = packet.frame?.isKey === true
    if (isKey && !this.#isAtKeyframe) {
      this.#isAtKeyframe = true
      this.hls.notify()
    }
    if (!this.#isAtKeyframe) return
    this.#batch.add(packet.bytes, isKey)
    this.#clock.schedule()
  }

  onProgramChange(): void {
    this.#segmenter.onProgramChange()
    this.#forgetPast()
  }

  #start(): void {
    if (this.#state !== 'idle') return
    this.#move('connecting')
    this.#sweepTimer = setInterval(() => this.#viewers.sweep(performance.now()), 1_000)
    void this.#run()
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort
    while (this.#state !== 'closed') {
      const source = this.#rotation.next()
      this.#sourceId = source.id
      const end = await runUpstream(
        source,
        { sink: this, onLive: scanner => this.#goLive(scanner), onBreak: () => this.#breakOff() },
        { limits: this.#limits, signal },
      )
      if (this.#isClosed()) return
      this.#breakOff()
      if (end.kind === 'playlist') {
        this.playlistSourceId = end.sourceId
        this.#hooks.onPlaylist?.(end.sourceId)
        this.close(new AppError('STREAM_ENDED', { message: 'the source serves a playlist' }))
        return
      }
      this.#hooks.onSourceFailed?.(source.id, end.error)
      // The hook may have closed it, and from closed there is no way on: the error would be a rejection that nobody handles.
      if (this.#isClosed()) return
      const pause = this.#rotation.afterFailure(end.error)
      if (pause.kind === 'give-up') {
        this.close(pause.error)
        return
      }
      if (pause.ms > 0) {
        this.#move('waiting')
        await sleep(pause.ms, signal).catch(() => {})
        if (this.#isClosed()) return
      }
      this.#move('connecting')
    }
  }

  #goLive(scanner: TsScanner): void {
    this.#scanner = scanner
    this.#rotation.markLive()
    this.#move('live')
  }

  #tellProgram(): void {
    if (this.#state !== 'live' || this.program === null || this.#sourceId === null) return
    if (this.#meter.isNews(this.program)) this.#hooks.onSourceLive?.(this.#sourceId, this.program, this.#meter.measured())
  }

  #breakOff(): void {
    this.#segmenter.breakOff()
    this.#forgetPast()
  }

  /** Readers that come now begin with what comes now. */
  #forgetPast(): void {
    this.#meter.reset()
    this.#clock.cancel()
    this.#flush()
    this.#isAtKeyframe = false
    this.#viewers.noteBreak()
    this.#viewers.pumpNow()
    this.#ring.clear()
    for (const tell of [...this.#breakWatchers]) tell()
  }

  #flush(): void {
    if (this.#batch.isEmpty) return
    const { parts, keyframes } = this.#batch.take()
    this.#ring.append(parts, keyframes)
    this.#viewers.pump()
  }

  #isClosed(): boolean {
    return this.#state === 'closed'
  }

  #move(to: RelayState): void {
    this.#state = moveRelay(this.#state, to)
  }
}
