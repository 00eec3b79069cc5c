import type { ListedCategory, ListedItem } from '@/lib/catalogue'
import { pictureLink } from './picture-links'

// Exact types: an app like Smarters fails on the whole list when one field has another type (protocols.md 2, 9).

const text = (value: string | null | undefined): string => value ?? ''
const epoch = (date: Date | null): string => (date === null ? '0' : String(Math.floor(date.getTime() / 1_000)))
const rounded = (value: number): number => Math.round(value * 10) / 10
/** Strict apps read a text, and nobody minds one: a number only where all of them want one. */
export const ratingText = (value: number | null): string => String(rounded(value ?? 0))
const isoDay = (value: string | null | undefined): string => value ?? ''

export function renderCategory({ id, name }: ListedCategory) {
  return { category_id: String(id), category_name: name, parent_id: 0 }
}

const placeOf = ({ categoryId, categoryIds }: ListedItem) => ({
  category_id: categoryId === null ? '0' : String(categoryId),
  category_ids: categoryIds,
})

/** `num` counts from 1 within the answer. */
export function renderChannel(item: ListedItem, num: number, origin: string) {
  return {
    num,
    name: item.name,
    stream_type: 'live',
    stream_id: item.id,
    stream_icon: pictureLink(item.id, item.image, origin),
    epg_channel_id: item.guideId,
    added: epoch(item.addedAt),
    is_adult: item.adult ? 1 : 0,
    ...placeOf(item),
    custom_sid: '',
    tv_archive: item.archiveDays > 0 ? 1 : 0,
    direct_source: '',
    tv_archive_duration: item.archiveDays,
    thumbnail: '',
  }
}

export function renderMovie(item: ListedItem, num: number, origin: string) {
  return {
    num,
    name: item.name,
    title: item.name,
    year: item.year === null ? '' : String(item.year),
    stream_type: 'movie',
    stream_id: item.id,
    stream_icon: pictureLink(item.id, item.image, origin),
    rating: ratingText(item.rating),
    rating_5based: rounded((item.rating ?? 0) / 2),
    added: epoch(item.addedAt),
    is_adult: item.adult ? 1 : 0,
    ...placeOf(item),
    container_extension: item.container ?? 'mp4',
    custom_sid: '',
    direct_source: '',
  }
}

export function renderSeries(item: ListedItem, num: number, origin: string) {
  return { num, ...renderSeriesInfo(item, origin), stream_type: 'series', series_id: item.id }
}

/** What list and detail answer say alike of a series. */
export function renderSeriesInfo(item: ListedItem, origin: string) {
  const { details } = item
  const released = isoDay(details?.date) || (item.year === null ? '' : `${item.year}-01-01`)
  return {
    name: item.name,
    title: item.name,
    year: item.year === null ? '' : String(item.year),
    cover: pictureLink(item.id, item.image, origin),
    plot: text(item.plot),
    cast: details?.cast.join(', ') ?? '',
    director: text(details?.director),
    genre: item.genres.join(', '),
    release_date: released,
    releaseDate: released,
    last_modified: epoch(item.addedAt),
    rating: ratingText(item.rating),
    rating_5based: rounded((item.rating ?? 0) / 2),
    backdrop_path: [],
    youtube_trailer: text(details?.trailer),
    episode_run_time: item.durationSeconds === null ? '0' : String(Math.round(item.durationSeconds / 60)),
    ...placeOf(item),
  }
}
