import type { Airing } from '@/lib/epg'

type Episode = Pick<Airing, 'title' | 'subTitle' | 'season' | 'episode'>

const tidy = (text: string) => text.toLowerCase().replace(/\s+/g, ' ').trim()

/** Which episode of its title this is, as far as the guide says; null when it does not. */
export function episodeOf({ subTitle, season, episode }: Omit<Episode, 'title'>): string | null {
  if (episode !== null) return `${season ?? ''}x${episode}`
  return subTitle ? `"${tidy(subTitle)}"` : null
}

/** The same programme wherever and whenever it is on; without an episode, its time tells it from others of its title. */
export function keyOf(airing: Episode & Pick<Airing, 'start'>): string {
  return `${tidy(airing.title)} ${episodeOf(airing) ?? `@${airing.start.getTime() / 1_000}`}`.slice(-500)
}

/** True for a key that stands on a time only. */
export const isTimeKey = (key: string): boolean => / @\d+$/.test(key)

/** What makes two wishes for a reminder the same one. */
export function reminderIdentity(reminder: { kind: string; itemId: number | null; title: string; start: Date | null }): string {
  return [reminder.kind, reminder.itemId ?? '*', tidy(reminder.title), reminder.start?.getTime() ?? ''].join('|')
}
