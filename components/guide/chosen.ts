import type { AiringView } from '@/lib/epg/schema'
import { SECOND } from '@/lib/kernel/time'

/** A cell that was pressed: a programme, or a stretch of time of which the guide knows nothing. */
export interface Chosen {
  channel: number
  name: string
  start: number
  stop: number
  /** Empty where the guide knows nothing. */
  title: string
  known: boolean
  /** Nothing but its title and times is known. */
  short?: boolean
  /** Days of the channel's archive, where whoever chose knows them. */
  archiveDays?: number
}

export const toChosen = ({ channel, start, stop, title }: AiringView): Chosen => ({
  channel: channel.id,
  name: channel.name,
  start: start * SECOND,
  stop: stop * SECOND,
  title,
  known: true,
})
