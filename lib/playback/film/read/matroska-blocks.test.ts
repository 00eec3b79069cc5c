import { describe, expect, test } from 'vitest'
import { blankTrack, type FilmPacket, type FilmTrack } from '../film'
import { ByteCursor } from './byte-cursor'
import { writeElement, writeUnsigned } from './ebml'
import { MatroskaBlocks } from './matroska-blocks'
import { el } from './matroska-ids'
import type { MatroskaTrack } from './matroska-tracks'

const good = Buffer.from('good')
const bad = Buffer.from('bad')

const cluster = (...blocks: [track: number, data: Buffer][]) =>
  writeElement(
    el.cluster,
    writeUnsigned(el.clusterTimestamp, 0),
    ...blocks.map(([track, data]) => writeElement(el.simpleBlock, Buffer.from([0x80 | track, 0, 0, 0x80]), data)),
  )

async function read(kinds: readonly FilmTrack['kind'][], blocks: [track: number, data: Buffer][]): Promise<FilmPacket[]> {
  const tracks = kinds.map(
    (kind, at): MatroskaTrack => ({
      track: { ...blankTrack, id: at + 1, kind, codec: '', matroska: { id: '', config: null } },
      frameSeconds: null,
      delay: 0,
      unpack: (frame: Buffer) => (frame.equals(bad) ? null : frame),
    }),
  )
  const reader = new MatroskaBlocks({ tracks: new Map(tracks.map(each => [each.track.id, each])), scale: 0.001 })
  const bytes = cluster(...blocks)
  const source = { size: bytes.length, read: async (at: number, length: number) => bytes.subarray(at, at + length) }
  return Array.fromAsync(reader.read(new ByteCursor(source, 0)))
}

const many = (count: number, track: number): [number, Buffer][] => Array.from({ length: count }, () => [track, bad])

describe('frames that cannot be unpacked', () => {
  test('are left out, however many there are in all', async () => {
    const blocks = Array.from({ length: 300 }, (_, at): [number, Buffer] => [1, at % 2 ? good : bad])
    expect(await read(['video'], blocks)).toHaveLength(150)
  })

  test('of subtitles take neither picture nor sound with them', async () => {
    const packets = await read(['video', 'subtitle'], [...many(500, 2), [1, good], [2, good]])
    expect(packets.map(({ track }) => track)).toEqual([1])
  })

  test.each(['video', 'audio'] as const)('one behind the other say that a film is broken: %s', async kind => {
    await expect(read([kind], many(200, 1))).rejects.toMatchObject({ code: 'FILM_BROKEN' })
  })
})
