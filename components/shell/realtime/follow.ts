import type { QueryClient, QueryKey } from '@tanstack/react-query'
import { SECOND } from '@/lib/kernel/time'
import type { TopicName } from '@/lib/realtime/schema'
import type { LineListener } from './line'

/** Soon: what a person waits for. Spread: what thousands hear at the same moment. */
type Haste = 'soon' | 'spread'

interface Follow {
  haste: Haste
  /** Beginnings of the keys of queries that the news concern; all of them without. */
  keys?: readonly QueryKey[]
}

const follows: Readonly<Record<TopicName, Follow>> = {
  'guide.changed': { haste: 'spread', keys: [['guide'], ['now'], ['guide-sources']] },
  'catalogue.changed': { haste: 'spread', keys: [['catalogue'], ['guide'], ['now'], ['guide-sources']] },
  'provider.changed': { haste: 'soon', keys: [['providers'], ['imports']] },
  'import.progress': { haste: 'soon', keys: [['imports']] },
  'favourite.changed': {
    haste: 'soon',
    keys: [
      ['catalogue', 'home'],
      ['catalogue', 'items'],
      ['catalogue', 'title'],
      ['guide', 'rows'],
    ],
  },
  'history.changed': {
    haste: 'soon',
    keys: [
      ['catalogue', 'home'],
      ['catalogue', 'history'],
      ['catalogue', 'title'],
    ],
  },
  'profile.changed': { haste: 'soon' },
  'choices.changed': { haste: 'soon', keys: [['me']] },
  'notification.made': { haste: 'soon', keys: [['notifications'], ['reminders']] },
  'notification.changed': { haste: 'soon', keys: [['notifications'], ['reminders']] },
  'playback.ended': { haste: 'soon', keys: [['connections']] },
  'quality.alert': { haste: 'soon', keys: [['quality']] },
}

const SOON_MS = SECOND / 2
const SPREAD_MS = 3 * SECOND

/** What is open and concerned by news is asked for again; news that come together are followed once. */
export function createFollower(client: QueryClient): LineListener & { stop(): void } {
  const waiting: Record<Haste, { all: boolean; keys: Set<string>; timer: ReturnType<typeof setTimeout> | undefined }> = {
    soon: { all: false, keys: new Set(), timer: undefined },
    spread: { all: false, keys: new Set(), timer: undefined },
  }
  const flush = (haste: Haste) => {
    const { all, keys } = waiting[haste]
    waiting[haste] = { all: false, keys: new Set(), timer: undefined }
    if (all) void client.invalidateQueries()
    else for (const key of keys) void client.invalidateQueries({ queryKey: JSON.parse(key) as QueryKey })
  }
  const follow = ({ haste, keys }: Follow) => {
    const gathered = waiting[haste]
    if (keys === undefined) gathered.all = true
    else for (const key of keys) gathered.keys.add(JSON.stringify(key))
    const wait = SOON_MS + (haste === 'spread' ? Math.random() * SPREAD_MS : 0)
    gathered.timer ??= setTimeout(() => flush(haste), wait)
  }
  return {
    news: ({ topic }) => {
      // A newer server may tell what this page does not know yet.
      const known: Follow | undefined = follows[topic]
      if (known) follow(known)
    },
    reset: () => follow({ haste: 'spread' }),
    stop: () => {
      for (const { timer } of Object.values(waiting)) clearTimeout(timer)
    },
  }
}
