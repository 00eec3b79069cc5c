import 'server-only'
import { toSafePicture } from '@/lib/catalogue'
import { AppError } from '@/lib/kernel/errors'
import { DAY, SECOND } from '@/lib/kernel/time'
import type { Lane } from './lane'
import type { GuideProgress } from './schema'
import { type StagedChannel, toChannelLine, toProgrammeLine } from './staged'
import { DAYS_BACK, MAX_DAYS_BACK } from './trim-store'
import type { XmltvChannel, XmltvProgramme } from './xmltv-programme'
import type { XmltvBatch } from './xmltv-read'

/** Days ahead that are kept. */
const DAYS_AHEAD = 14

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
  /** Days back that viewers may go, by guide id in small letters. */
  archiveDays: ReadonlyMap<string, number>
  shiftMinutes: number
  /** Words that no address of a picture may carry. */
  secrets: readonly string[]
  limits?: StageLimits
}

/** A text of its own: a piece cut from the document would keep all of the document's block in memory. */
const own = (text: string): string => Buffer.from(text).toString()

/** Takes what the reader finds into the staging tables, each channel in the lane of its number. */
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

  constructor(options: StageOptions) {
    this.#options = options
    this.#limits = options.limits ?? stageLimits
    this.#shift = options.shiftMinutes * 60
    this.#until = this.#now + (DAYS_AHEAD * DAY) / SECOND
  }

  /** @throws EPG_LIMIT */
  async take({ channels, programmes, dropped }: XmltvBatch): Promise<void> {
    const { progress } = this.#options
    progress.dropped += dropped
    for (const channel of channels) this.#takeChannel(channel)
    for (const programme of programmes) if (!this.#takeProgramme(programme)) progress.dropped++
    progress.channels = this.channels.size
    for (const lane of this.#options.lanes) await lane.flush()
  }

  /** Writes what is left, and the channels. */
  async finish(): Promise<void> {
    const { lanes } = this.#options
    await Promise.all(lanes.map((lane, index) => lane.finish(this.channelsOf(index).map(toChannelLine).join(''))))
  }

  /** The channels of one lane, in order of their numbers. */
  channelsOf(lane: number): StagedChannel[] {
    return [...this.channels.values()].filter(({ n }) => n % this.#options.lanes.length === lane)
  }

  #open(id: string): StagedChannel {
    // Most guides tell channel by channel.
    if (this.#last?.id === id) return this.#last
    const known = this.channels.get(id)
    if (known) {
      this.#last = known
      return known
    }
    if (this.channels.size >= this.#limits.channels) throw new AppError('EPG_LIMIT', { message: 'too many channels' })
    const days = Math.max(DAYS_BACK, this.#options.archiveDays.get(id.toLowerCase()) ?? 0)
    const channel: StagedChannel = {
      id: own(id),
      names: [],
      icon: null,
      n: this.channels.size,
      count: 0,
      first: 0,
      last: 0,
      lastStart: 0,
      lastStop: 0,
      isMessy: false,
      keepFrom: this.#now - (Math.min(days, MAX_DAYS_BACK) * DAY) / SECOND,
    }
    this.channels.set(channel.id, channel)
    return channel
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
    const { lanes } = this.#options
    lanes[channel.n % lanes.length]?.add(toProgrammeLine(channel.n, programme, { start, stop }))
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
