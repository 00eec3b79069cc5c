const words: Readonly<Record<string, string>> = {
  get_live_categories: 'Categories of channels',
  get_vod_categories: 'Categories of movies',
  get_series_categories: 'Categories of series',
  get_live_streams: 'Channels',
  get_vod_streams: 'Movies',
  get_series: 'Series',
  panel: 'Everything, for older apps',
  m3u: 'Playlist',
  guide: 'Guide',
}

interface AnswerName {
  what: string
  how: string
}

/** A kept list in words, from its key: address, sources (with bouquet categories), list. */
export function sayAnswer(key: string): AnswerName {
  const [origin = '', sources = '', name = ''] = key.split(' ')
  const [list = '', ...parts] = name.split(':')
  const known = words[list]
  if (key === '') return { what: 'Kept from before the last start', how: '' }
  if (known === undefined) return { what: key, how: '' }
  const detail = detailOf(list, parts)
  const count = sources.split('/')[0]?.split('.').length ?? 0
  const from = `${count} ${count === 1 ? 'source' : 'sources'}${sources.includes('/') ? ', some bouquets' : ''}`
  return { what: known + detail, how: `${from} · asked for at ${origin}` }
}

function detailOf(list: string, parts: string[]): string {
  if (list === 'm3u') return ` (${parts.slice(0, 2).join(', ')})`
  if (list === 'guide') return parts.every(part => part === '') ? '' : ', some days'
  return parts.length > 0 ? ', one category' : ''
}
