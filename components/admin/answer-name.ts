const words: Readonly<Record<string, string>> = {
  get_live_categories: 'Categories of channels',
  get_vod_categories: 'Categories of movies',
  get_series_categories: 'Categories of series',
  get_live_streams: 'Channels',
  get_vod_streams: 'Movies',
  get_series: 'Series',
  panel: 'Everything, for older apps',
  m3u: 'Playlist',
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
  if (known === undefined) return { what: key, how: '' }
  const detail = list === 'm3u' ? ` (${parts.slice(0, 2).join(', ')})` : parts.length > 0 ? ', one category' : ''
  const count = sources.split('/')[0]?.split('.').length ?? 0
  const from = `${count} ${count === 1 ? 'source' : 'sources'}${sources.includes('/') ? ', some bouquets' : ''}`
  return { what: known + detail, how: `${from} · asked for at ${origin}` }
}
