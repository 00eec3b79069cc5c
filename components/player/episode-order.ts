import type { EpisodeView, ItemPageView } from '@/lib/catalogue/schema'

/** The episode after this one, across seasons; specials (season 0) lead nowhere else. */
export function findNextEpisode(series: Pick<ItemPageView, 'seasons'>, episodeId: number): EpisodeView | null {
  const all = [...series.seasons]
    .sort((a, b) => a.number - b.number)
    .flatMap(season => season.episodes.map(episode => ({ season: season.number, episode })))
  const at = all.findIndex(one => one.episode.id === episodeId)
  const here = all[at]
  const next = all[at + 1]
  if (!here || !next) return null
  return here.season === 0 && next.season !== 0 ? null : next.episode
}
