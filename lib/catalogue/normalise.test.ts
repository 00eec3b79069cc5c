import { describe, expect, test, vi } from 'vitest'
import { normaliseCategories, normaliseRow, toContainer } from './normalise'
import { normaliseEntry } from './normalise-m3u'
import { toSafePicture } from './safe-picture'

const context = { position: 3, secrets: ['ana', 'hunter22'], adultCategories: new Set(['66']) }

describe('a row as panels send it', () => {
  test('in canonical form', () => {
    const row = {
      num: 7,
      name: 'Demo News HD',
      stream_id: 1001,
      stream_icon: 'https://i.example/n.png',
      epg_channel_id: 'news.demo',
    }
    const archive = { tv_archive: 1, tv_archive_duration: '7', category_id: '12', added: '1700000000', is_adult: 0 }
    expect(normaliseRow('channel', { ...row, ...archive }, context)).toMatchObject({
      providerItemId: '1001',
      position: 3,
      number: 7,
      sortName: 'demo news hd',
      matchKey: 'demo news',
      guideId: 'news.demo',
      archiveDays: 7,
      category: '12',
      adult: false,
    })
  })

  test('with nulls, texts for numbers and nonsense', () => {
    const odd = { num: '7.5', name: null, stream_id: '1001', stream_icon: 'data:x', added: '', is_adult: 'None', tv_archive: '1' }
    expect(
      normaliseRow('channel', { ...odd, tv_archive_duration: '', category_id: null, category_ids: ['5'] }, context),
    ).toMatchObject({
      name: 'Channel 1001',
      number: 7,
      image: null,
      addedAt: null,
      archiveDays: 0,
      category: '5',
      adult: false,
    })
    for (const row of [null, [], 'x', {}, { stream_id: '' }, { stream_id: 0 }])
      expect(normaliseRow('movie', row, context)).toBeNull()
  })

  test('films: year from the name, rating with a comma, a file ending, a group for adults', () => {
    const row = {
      stream_id: 5,
      name: 'Sample (2024)',
      rating: '7,5',
      container_extension: 'mkv, avi',
      genre: 'Drama / Crime',
      category_id: 66,
    }
    expect(normaliseRow('movie', row, context)).toMatchObject({
      year: 2024,
      rating: 7.5,
      container: 'mkv',
      genres: ['Drama', 'Crime'],
      matchKey: 'sample 2024',
      adult: true,
    })
  })
})

test('a container is a file ending, never a part of a longer word', () => {
  expect(['mkv, avi', 'MP4', '.m2ts', 'matroska', 'x-matroska', 'mpegts', '', null].map(toContainer)).toEqual([
    ...['mkv', 'mp4', 'm2ts'],
    ...['mp4', 'mp4', 'mp4', 'mp4', 'mp4'],
  ])
})

test('categories: doubles and nameless ones', () => {
  const rows = [
    { category_id: 1, category_name: 'A' },
    { category_id: '1', category_name: 'B' },
    { category_id: '2', category_name: null },
    {},
  ]
  expect(normaliseCategories(rows)).toEqual([
    { id: '1', name: 'A' },
    { id: '2', name: 'Category 2' },
  ])
})

test.each([
  ['https://i.example/a.png', 'https://i.example/a.png'],
  ['https://i.example/compass/ananas.png', 'https://i.example/compass/ananas.png'],
  ['https://i.example/ana/1.png', null],
  ['https://i.example/x.png?p=hunter22', null],
  ['https://i.example/xhunter22x.png', null],
  ['https://i.example/x.png?token=abc', null],
  ['https://u:p@i.example/x.png', null],
  ['javascript:alert(1)', null],
])('a picture at %s', (url, expected) => expect(toSafePicture(url, context.secrets)).toBe(expected))

test('what an entry of a playlist is', () => {
  vi.stubEnv('DATABASE_URL', 'postgresql://nowhere')
  vi.stubEnv('SECRET_KEYS', `k1:${Buffer.alloc(32, 1).toString('base64')}`)
  const kindOf = (name: string, url: string) => {
    const entry = { name, url, headers: {}, attributes: {}, group: null, properties: {} }
    const item = normaliseEntry(entry, { providerId: 1, salt: 's', secrets: [], position: 0 })
    return item.kind === 'episode' ? `${item.series.name} ${item.row.season}x${item.row.episode} ${item.row.name}` : item.kind
  }
  expect(kindOf('News', 'http://h/u/p/1.ts')).toBe('channel')
  expect(kindOf('News', 'http://h/live/1.m3u8')).toBe('channel')
  expect(kindOf('Film (2020)', 'http://h/movie/u/p/2.mkv')).toBe('movie')
  expect(kindOf('Film', 'http://h/files/film.mp4')).toBe('movie')
  expect(kindOf('Show S02E03 Title', 'http://h/series/u/p/3.mp4')).toBe('Show 2x3 Title')
  expect(kindOf('Show - 2x03', 'http://h/files/3.avi')).toBe('Show 2x3 Episode 3')
})
