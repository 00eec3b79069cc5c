import { expect, test } from 'vitest'
import { AppError, type ErrorCode } from '@/lib/kernel/errors'
import { type CaptionEntry, captionData } from '@/tests/fakes/provider/captions'
import { factsOfFilm } from '../facts-of-film'
import { blankTrack, type Film, type FilmPacket, type FilmTrack } from '../film'
import { printMaster } from '../playlists'
import { present } from '../presentation'
import type { FilmBytes } from './film-bytes'
import { findCaptions } from './film-captions'

const nowhere = {} as FilmBytes
const words: CaptionEntry = [0xfc, 0x94, 0x2c]
const service: CaptionEntry = [0xff, 0x02, 0x22]
const config = Buffer.from('0142c01effe1000467420ac10100046800000000', 'hex')

/** A film with these messages in its pictures, one after the other. */
function filmOf(messages: readonly (CaptionEntry | null)[], failure: ErrorCode | null = null, codec = 'h264') {
  const read = { pictures: 0 }
  const film: Film = {
    container: 'mp4',
    duration: 60,
    tracks: [
      { ...blankTrack, id: 1, kind: 'video', codec, matroska: { id: 'V_MPEG4/ISO/AVC', config }, width: 320, height: 180 },
    ],
    chapters: [],
    keyTimes: [0],
    keySeconds: null,
    isCopyable: true,
    async *read(): AsyncGenerator<FilmPacket> {
      for (const [at, entry] of messages.entries()) {
        read.pictures++
        const data = Buffer.concat([Buffer.alloc(1_000, 7), entry === null ? Buffer.alloc(0) : captionData([entry])])
        yield { track: 1, pts: at / 25, duration: 0.04, isKey: at === 0, data }
      }
      if (failure !== null) throw new AppError(failure)
    },
  }
  return { film, read }
}

test.each([
  ['words in the first picture', [words, words, words], '608', 1],
  ['words in a later one', [null, null, words, null], '608', 3],
  ['CEA-708 alone', [service, null, null], '708', 3],
  ['CEA-708 before both', [service, words], '608', 2],
  ['none', [null, null], null, 2],
  ['none in the pictures that are looked at', [...Array.from({ length: 50 }, () => null), words], null, 12],
] as const)('%s', async (_name, messages, kind, pictures) => {
  const { film, read } = filmOf(messages)
  expect(await findCaptions(film, nowhere)).toBe(kind)
  expect(read.pictures).toBe(pictures)
})

test('a codec that carries none is not read; what cannot be read has none, but another file is another film', async () => {
  const { film, read } = filmOf([words], null, 'vp9')
  expect(await findCaptions(film, nowhere)).toBeNull()
  expect(read.pictures).toBe(0)
  expect(await findCaptions(filmOf([null], 'UPSTREAM_STALLED').film, nowhere)).toBeNull()
  await expect(findCaptions(filmOf([null], 'FILM_CHANGED').film, nowhere)).rejects.toMatchObject({ code: 'FILM_CHANGED' })
})

test('the playlist announces them, copied or encoded, and the decision hears of them; without them nothing is said', () => {
  const { film } = filmOf([])
  const wishes = {
    capabilities: null,
    maxHeight: null,
    qualities: [],
    isInBand: false,
    convertsSound: false,
    converts: () => true,
  }
  const master = (captions: '608' | '708' | null, mode: 'remux' | 'transcode') =>
    printMaster(present({ ...film, captions }, 4, { ...wishes, mode }), 1e6)
  for (const mode of ['remux', 'transcode'] as const) {
    expect(master('608', mode)).toMatch(
      /TYPE=CLOSED-CAPTIONS.*NAME="Captions".*INSTREAM-ID="CC1"\n#EXT-X-STREAM-INF.*="captions"\n/,
    )
    expect(master('708', mode)).toMatch(/TYPE=CLOSED-CAPTIONS.*INSTREAM-ID="SERVICE1"\n#EXT-X-STREAM-INF.*="captions"\n/)
    expect(master(null, mode)).not.toContain('CAPTIONS')
  }
  const text: FilmTrack = {
    ...blankTrack,
    id: 2,
    kind: 'subtitle',
    codec: 'subrip',
    matroska: { id: 'S_TEXT/UTF8', config: null },
  }
  const both = { ...film, tracks: [...film.tracks, text], captions: '608' as const }
  const other = printMaster(present(both, 4, { ...wishes, mode: 'remux' }), 1e6)
  expect(other).toMatch(
    /TYPE=SUBTITLES.*\n.*TYPE=CLOSED-CAPTIONS.*\n#EXT-X-STREAM-INF.*,SUBTITLES="text",CLOSED-CAPTIONS="captions"\n/,
  )
  expect(factsOfFilm({ ...film, captions: '708' }, 1e6).subtitles).toMatchObject([{ codec: 'eia_708', language: null }])
  expect(factsOfFilm(film, 1e6).subtitles).toEqual([])
})
