import 'server-only'
import { parseEventName } from './event-name'
import { type ItemEvent, listClocks, saveEvents, settleEvents } from './event-store'
import type { NewMatch, OwnedChannel, Owner } from './match-store'
import { refreshTitles } from './titles'

/**
 * The guide that channels of one owner carry in their names. It is asked last: only where no other guide knows a channel.
 */
export class EventGuide {
  readonly #owner: Owner
  readonly #now: number
  readonly #kept: number[] = []
  #clocks: Promise<Map<number, number>> | null = null
  #isChanged = false

  constructor(owner: Owner, now = Date.now()) {
    this.#owner = owner
    this.#now = now
  }

  /** The same matches, with events where there were none. `changed`: items of which another event is told than before. */
  async fill(
    channels: readonly OwnedChannel[],
    matches: readonly NewMatch[],
  ): Promise<{ matches: NewMatch[]; changed: number[] }> {
    const open = new Set(matches.filter(({ channelId }) => channelId === null).map(({ itemId }) => itemId))
    const events: ItemEvent[] = []
    for (const channel of channels) {
      const event = open.has(channel.itemId) ? await this.#read(channel) : null
      if (event) events.push(event)
    }
    if (events.length === 0) return { matches: [...matches], changed: [] }
    const saved = await saveEvents(this.#owner, events)
    this.#kept.push(...saved.channels.keys())
    this.#isChanged ||= saved.changed.length > 0
    const filled = matches.map((match): NewMatch => {
      const channelId = saved.channels.get(match.itemId)
      return channelId === undefined ? match : { ...match, channelId, how: 'event', score: 1 }
    })
    return { matches: filled, changed: saved.changed }
  }

  /** After the last page: what no name says any more goes. */
  async settle(): Promise<void> {
    const sourceId = await settleEvents(this.#owner, this.#kept, this.#isChanged)
    if (sourceId !== null) await refreshTitles(sourceId)
  }

  async #read({ itemId, names, providerIds }: OwnedChannel): Promise<ItemEvent | null> {
    this.#clocks ??= listClocks(this.#owner)
    const clocks = await this.#clocks
    const clock = providerIds.map(id => clocks.get(id)).find(minutes => minutes !== undefined)
    for (const name of names) {
      const event = parseEventName(name, this.#now, clock)
      if (event) return { ...event, itemId, name }
    }
    return null
  }
}
