import type { Scenario } from './scenarios.ts'

type Json = unknown

let nth = 0

const isNumberText = (text: string) => /^-?\d+(\.\d+)?$/.test(text)

/** Every scalar becomes what some panel has been seen to send instead of it. */
function wrongTypes(value: Json, key = ''): Json {
  if (Array.isArray(value)) return value.map(item => wrongTypes(item))
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, wrongTypes(v, k)]))
  }
  nth++
  if (key === 'is_adult') return nth % 2 ? 'None' : '0'
  if (key === 'rating') return nth % 3 ? '7,5' : 'N/A'
  if (key === 'added') return nth % 2 ? '' : null
  if (key === 'name' && nth % 17 === 0) return null
  if (key === 'rating_5based') return String(value)
  if (key === 'epg_channel_id' && nth % 5 === 0) return ''
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string' && isNumberText(value)) return Number(value)
  return value
}

/** PHP cannot tell an empty object from an empty list, nor a list from an object with keys 0..n. */
function phpArrays(value: Json): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  const out: Record<string, Json> = { ...value }
  if ('episodes' in out) {
    const seasons = Object.values(out.episodes as Record<string, Record<string, Json>[]>)
    out.episodes = [[], ...seasons.map(list => list.map(e => ({ ...e, info: [] })))]
    out.seasons = []
  }
  if ('movie_data' in out) out.info = []
  if ('epg_listings' in out) return []
  return out
}

export function distort(shape: Scenario['shape'], value: Json): Json {
  if (shape === 'wrong-types') return wrongTypes(value)
  return shape === 'php-arrays' ? phpArrays(value) : value
}

export const PHP_WARNING =
  '<br />\n<b>Warning</b>:  Undefined array key "series_no" in <b>/home/xui/www/player_api.php</b> on line <b>212</b><br />\n'
