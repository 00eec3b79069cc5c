import { hash, pick, seededRandom } from './art/random.ts'
import type { Channel } from './catalogue.ts'

export interface Programme {
  id: number
  start: number
  stop: number
  title: string
  subTitle: string
  description: string
  category: string
  season: number
  episode: number
}

const DAY = 86_400

const titles: Record<string, string[]> = {
  news: [
    'Morning Briefing',
    'Newsroom Live',
    'The World at Noon',
    'Markets Today',
    'Global Lens',
    'The Late Edition',
    'Weather Watch',
    'Press Review',
    'One on One',
    'Correspondents',
  ],
  sport: [
    'Matchday Live',
    'Racing Weekend',
    'The Locker Room',
    'Classic Finals',
    'Court Side',
    'Goal of the Week',
    'Trackside',
    'Extra Time',
    'Cycling: Stage Highlights',
  ],
  cinema: [
    'The Last Lighthouse',
    'Velocity',
    'Orbit of Glass',
    'Salt Roads',
    'Cold Signal',
    'Paris by Accident',
    'Behind the Scenes',
    'The Ledger',
    'Winter Orchard',
    'Night Freight',
  ],
  documentary: [
    'Ice Memory',
    'Engineering Giants',
    'Hidden Cities',
    'The Secret Life of Rivers',
    'Empires in Ruins',
    'Starlight Explained',
    'Made by Hand',
    'Wild Shores',
  ],
  kids: [
    'Biscuit the Brave',
    'Tiny Inventors',
    'Moon Rabbits',
    'Alphabet Zoo',
    'The Lantern School',
    'Robot Recess',
    'Bedtime Tales',
    'Dino Post',
  ],
  music: [
    'Fresh Tracks',
    'Live from the Loft',
    'Album of the Week',
    'Strings at Night',
    'Unplugged Sessions',
    'The Chart Show',
    'Deep Cuts',
    'Slow Morning',
  ],
  world: [
    'Mesa para Dos',
    'Bonjour la Mer',
    'Abendjournal',
    'Markt am Samstag',
    'Voyages',
    'Kultur Heute',
    'Cinema do Mundo',
    'Café Europa',
  ],
  late: ['Midnight Lounge', 'Velvet Stories', 'City Lights', 'After Hours', 'Slow Dance'],
}

const descriptions = [
  'The stories that matter, told without hurry by people who know them well.',
  'A new chapter begins, and an old question finally gets its answer.',
  'Our team travels to places most of us never see.',
  'Guests, surprises and a few strong opinions.',
  'From the archive: a favourite that still feels new.',
]
const lengths = [15, 30, 30, 45, 60, 60, 90]
const filmLengths = [95, 105, 120, 130]

/** One UTC day of a channel, always the same for the same channel and day. */
function dayOf(channel: Channel, day: number): Programme[] {
  const random = seededRandom(`${channel.epgId} ${day}`)
  const list: Programme[] = []
  const end = (day + 1) * DAY
  for (let at = day * DAY; at < end; ) {
    const minutes = pick(channel.theme === 'cinema' ? filmLengths : lengths, Math.floor(random() * 1000))
    const rest = (end - at) / 60 - minutes
    const stop = rest < 15 ? end : at + minutes * 60
    const n = Math.floor(random() * 100_000)
    const title = pick(titles[channel.theme] ?? titles.world ?? [''], n)
    const id = hash(`${channel.epgId}${at}`) % 100_000_000
    list.push({
      id,
      start: at,
      stop,
      title,
      subTitle: `Part ${1 + (n % 12)}`,
      description: pick(descriptions, n >> 2),
      category: channel.theme,
      season: 1 + (n % 4),
      episode: 1 + (n % 12),
    })
    at = stop
  }
  return list
}

/** Programmes that overlap [from, to), in order; times are epoch seconds. */
export function programmes(channel: Channel, from: number, to: number): Programme[] {
  if (!channel.epgId) return []
  const isIn = (p: Programme) => p.stop > from && p.start < to
  if (channel.guide) return channel.guide.filter(isIn)
  const first = Math.floor(from / DAY)
  const days = Array.from({ length: Math.max(0, Math.ceil(to / DAY) - first) }, (_, i) => dayOf(channel, first + i))
  return days.flat().filter(isIn)
}
