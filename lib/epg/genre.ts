import type { GuideGenre } from './schema'

/** Words as guides of several languages write them, in the order in which they decide: "sports news" is news. */
const words: readonly [GuideGenre, RegExp][] = [
  ['children', /\b(child|children|kids?|kinder|enfants?|jeunesse|infantil|bambini|ragazzi|cartoons?|anime|animation)/],
  ['news', /\b(news|nachrichten|journal|noticias|noticiario|notizie|informativ|current affairs|politic|actualit)/],
  ['sport', /\b(sports?|deportes?|football|fussball|soccer|tennis|golf|rugby|cricket|boxing|motor ?sport|basketball|hockey)\b/],
  ['documentary', /\b(documentar|documentaire|dokumentation|doku|docu|nature|wildlife|history|geschichte|science|reportage)/],
  ['music', /\b(music|musik|musique|musica|concert|konzert|opera|ballet)/],
  ['series', /\b(series|serie|sitcom|soap|telenovela|episode|season)/],
  ['film', /\b(movies?|films?|cinema|spielfilm|pelicula|thriller|drama|western|horror)\b/],
  ['show', /\b(shows?|entertainment|unterhaltung|quiz|talk|reality|comedy|magazine?|variety|divertissement|game)/],
]

/** What the categories of a programme come down to; null when they say nothing known. */
export function toGenre(categories: readonly string[]): GuideGenre | null {
  const text = categories.join(' | ').normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return words.find(([, pattern]) => pattern.test(text))?.[0] ?? null
}
