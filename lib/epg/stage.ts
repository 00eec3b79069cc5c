import 'server-only'
import { setImmediate } from 'node:timers/promises'
import { toSafePicture } from '@/lib/catalogue'
import { AppError } from '@/lib/kernel/errors'
import { DAY, SECOND } from '@/lib/kernel/time'
import type { ArchiveDays } from './archive-days-store'
import { COPY_BYTES, type Lane } from './lane'
import { type GuideProgress, guideReach } from './schema'
import { type StagedChannel, toProgrammeLine } from './staged'
import type { XmltvChannel, XmltvProgramme } from './xmltv-programme'
import type { XmltvBatch } from './xmltv-read'

/** Channels that numbers are reserved for at a time. */
const SPARE = 100

export interface StageLimits {
  channels: number
  programmes: number
  /** Of one channel; the rest of them is dropped. */
  programmesPerChannel: number
}
export const stageLimits: StageLimits = { channels: 200_000, programmes: 5_000_000, programmesPerChannel: 10_000 }

export interface StageOptions {
  lanes: readonly Lane[]
  progress: GuideProgress
  archiveDays: ArchiveDays
  shiftMinutes: number
  /** Nothing of the source is stored yet: nobody misses anything while it is. */
  isFirst: boolean
  /** Numbers of the channels that the source has, by guide id. */
  numbers: ReadonlyMap<string, number>
  /** Numbers for new ones. */
  reserve: (count: number) => Promise<number[]>
  /** Words that no address of a picture may carry. */
  secrets: readonly string[]
  limits?: StageLimits
}

/** A text of its own: a piece cut from the document would keep all of the document's block in memory. */
const own = (text: string): string => Buffer.from(text).toString()

/**
 * Takes what the reader finds to the database, each channel in the lane of its number. A first guide that tells channel by channel
 * is stored as it is read; what is out of order, or has something before it, is staged and swapped at the end.
 */
export class Stage {
  readonly channels = new Map<string, StagedChannel>()
  /** A channel had more programmes than we accept. */
  isCapped = false
  readonly #options: StageOptions
  readonly #limits: StageLimits
  readonly #shift: number
  readonly #until: number
  readonly #now = Date.now() / SECOND
  #last: StagedChannel | null = null
  /** Of the channel that is being told. */
  #lines = ''
  #pieces: Buffer[] = []
  #bytes = 0
  #isByChannel: boolean
  readonly #spare: number[] = []

  constructor(options: StageOptions) {
    this.#options = options
    this.#isByChannel = options.isFirst
    this.#limits = options.limits ?? stageLimits
    this.#shift = options.shiftMinutes * 60
    this.#until = this.#now + (guideReach.ahead * DAY) / SECOND
  }

  /** @throws EPG_LIMIT */
  async take(batch: XmltvBatch): Promise<void> {
    const { channels, programmes, dropped } = batch
    const { progress } = this.#options
    await this.#reserve(batch)
    progress.dropped += dropped
    for (const channel of channels) this.#takeChannel(channel)
    for (const programme of programmes) if (!this.#takeProgramme(programme)) progress.dropped++
    progress.channels = this.channels.size
    this.#gather()
    if (this.#last !== null && this.#bytes >= COPY_BYTES) this.#hand(this.#last, false)
    for (const lane of this.#options.lanes) await lane.flush()
    // The lanes wait for answers of the database, and everybody else for their turn.
    await setImmediate()
  }

  /** Writes what is left, and the channels. */
  async finish(): Promise<void> {
    if (this.#last !== null) this.#hand(this.#last, true)
    await Promise.all(this.#options.lanes.map((lane, index) => lane.finish(this.channelsOf(index))))
  }

  get isFirst(): boolean {
    return this.#options.isFirst
  }

  /** The channels of one lane, in order of their numbers. */
  channelsOf(lane: number): StagedChannel[] {
    return [...this.channels.values()].filter(({ n }) => n % this.#options.lanes.length === lane).sort((a, b) => a.n - b.n)
  }

  /** Enough numbers, if all of it were new. */
  async #reserve({ channels, programmes }: XmltvBatch): Promise<void> {
    const most = channels.length + programmes.length
    if (most > this.#spare.length) this.#spare.push(...(await this.#options.reserve(Math.max(most, SPARE))))
  }

  #numberOf(id: string): number {
    const number = this.#options.numbers.get(id) ?? this.#spare.pop()
    if (number === undefined) throw new Error('a channel without a number')
    return number
  }

  #open(id: string): StagedChannel {
    // Most guides tell channel by channel.
    if (this.#last?.id === id) return this.#last
    if (this.#last !== null) this.#hand(this.#last, true)
    const known = this.channels.get(id)
    if (known) {
      this.#last = known
      return known
    }
    if (this.channels.size >= this.#limits.channels) throw new AppError('EPG_LIMIT', { message: 'too many channels' })
    const { archiveDays } = this.#options
    const days = Math.max(guideReach.leastBack, archiveDays.known.get(id.toLowerCase()) ?? archiveDays.open)
    const channel: StagedChannel = {
      id: own(id),
      names: [],
      icon: null,
      n: this.#numberOf(id),
      count: 0,
      first: 0,
      last: 0,
      lastStart: 0,
      lastStop: 0,
      isMessy: false,
      place: 'open',
      keepFrom: this.#now - (Math.min(days, guideReach.mostBack) * DAY) / SECOND,
    }
    this.channels.set(channel.id, channel)
    this.#last = channel
    return channel
  }

  /** As bytes at once: texts that live on hold the block of the document they were cut from. */
  #gather(): void {
    if (this.#lines === '') return
    const piece = Buffer.from(this.#lines)
    this.#lines = ''
    this.#pieces.push(piece)
    this.#bytes += piece.length
  }

  /** Gives a channel's lines to its lane. `isOver`: the guide goes on with another one. */
  #hand(channel: StagedChannel, isOver: boolean): void {
    this.#gather()
    if (this.#bytes === 0) return
    const { lanes } = this.#options
    const lane = lanes[channel.n % lanes.length]
    const pieces = this.#pieces
    this.#pieces = []
    this.#bytes = 0
    if (channel.place === 'stored') {
      this.#isByChannel = false
      lane?.takeBack(channel)
    }
    const isWhole = isOver && this.#isByChannel && channel.place === 'open' && !channel.isMessy
    channel.place = isWhole ? 'stored' : 'staged'
    if (isWhole) lane?.addWhole(channel, pieces)
    else lane?.add(pieces)
  }

  /** Elements of one id are one channel (protocols.md 5.2). */
  #takeChannel({ id, names, icon }: XmltvChannel): void {
    const channel = this.#open(id)
    for (const name of names) if (!channel.names.includes(name) && channel.names.length < 10) channel.names.push(own(name))
    if (channel.icon !== null || icon === null) return
    const safe = toSafePicture(icon, this.#options.secrets)
    if (safe !== null) channel.icon = own(safe)
  }

  #takeProgramme(programme: XmltvProgramme): boolean {
    const start = Math.floor(programme.start / SECOND) + this.#shift
    const stop = programme.stop === null ? null : Math.floor(programme.stop / SECOND) + this.#shift
    const channel = this.#open(programme.channel)
    if ((stop ?? start) <= channel.keepFrom || start >= this.#until) return false
    if (stop !== null && stop <= start) return false
    if (channel.count >= this.#limits.programmesPerChannel) {
      this.isCapped = true
      return false
    }
    if (this.#options.progress.programmes >= this.#limits.programmes) {
      throw new AppError('EPG_LIMIT', { message: 'too many programmes' })
    }
    const { details } = programme
    if (details?.icon) this.#judgeIcon(details)
    this.#lines += toProgrammeLine(channel.n, programme, { start, stop })
    this.#options.progress.programmes++
    note(channel, start, stop)
    return true
  }

  #judgeIcon(details: NonNullable<XmltvProgramme['details']>): void {
    const safe = toSafePicture(details.icon, this.#options.secrets)
    if (safe === null) delete details.icon
    else details.icon = safe
  }
}

function note(channel: StagedChannel, start: number, stop: number | null): void {
  const isAfter = channel.count === 0 || (start > channel.lastStart && channel.lastStop !== null && start >= channel.lastStop)
  if (!isAfter || stop === null) channel.isMessy = true
  channel.first = channel.count === 0 ? start : Math.min(channel.first, start)
  channel.last = Math.max(channel.last, stop ?? start + 1)
  channel.lastStart = start
  channel.lastStop = stop
  channel.count++
}
