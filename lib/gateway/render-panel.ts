import type { ListedItem } from '@/lib/catalogue'
import { renderChannel, renderMovie } from './render-lists'

/** Rows of panel_api.php, which apps read by stream id (protocols.md 6.1). */
export function renderPanelChannel(item: ListedItem, num: number, { group, origin }: { group: string; origin: string }) {
  const row = renderChannel(item, num, origin)
  return {
    num,
    name: row.name,
    stream_type: 'live',
    type_name: 'Live Streams',
    stream_id: String(item.id),
    stream_icon: row.stream_icon,
    epg_channel_id: row.epg_channel_id,
    added: row.added,
    category_name: group,
    category_id: row.category_id,
    series_no: null,
    live: '1',
    container_extension: null,
    custom_sid: '',
    tv_archive: row.tv_archive,
    direct_source: '',
    tv_archive_duration: row.tv_archive_duration,
  }
}

export function renderPanelMovie(item: ListedItem, num: number, { group, origin }: { group: string; origin: string }) {
  const row = renderMovie(item, num, origin)
  return {
    num,
    name: row.name,
    stream_type: 'movie',
    type_name: 'Movies',
    stream_id: String(item.id),
    stream_icon: row.stream_icon,
    epg_channel_id: null,
    added: row.added,
    category_name: group,
    category_id: row.category_id,
    series_no: null,
    live: '0',
    container_extension: row.container_extension,
    custom_sid: '',
    tv_archive: 0,
    direct_source: '',
    tv_archive_duration: 0,
  }
}
