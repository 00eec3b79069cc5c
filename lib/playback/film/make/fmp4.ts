import type { FilmPacket, FilmTrack } from '../film'
import { u16, u32, u64, writeBox, writeFullBox } from '../read/mp4-boxes'
import type { CodecName } from './sample-entries'

const matrix = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
/** What a sample depends on: a picture that stands alone, and one that does not. */
const KEY_FLAGS = 0x02000000
const DELTA_FLAGS = 0x01010000

/** Units of time a second, as the track's own segments count. */
export const timescaleOf = ({ kind, sampleRate }: Pick<FilmTrack, 'kind' | 'sampleRate'>): number =>
  kind === 'audio' ? (sampleRate ?? 48_000) : 90_000

/** The head of a track in fragments: everything but the samples. */
export function writeInit(track: FilmTrack, { entry }: CodecName): Buffer {
  const isPicture = track.kind === 'video'
  const timescale = timescaleOf(track)
  const size = isPicture
    ? u32(((track.displayWidth ?? track.width ?? 0) << 16) >>> 0, ((track.height ?? 0) << 16) >>> 0)
    : u32(0, 0)
  const tkhd = writeFullBox('tkhd', 3, u32(0, 0, 1, 0, 0, 0, 0, 0), u16(isPicture ? 0 : 0x100, 0), turned(track.rotation), size)
  const mdhd = writeFullBox('mdhd', 0, u32(0, 0, timescale, 0), u16(0x55c4, 0))
  const hdlr = writeFullBox('hdlr', 0, u32(0), Buffer.from(isPicture ? 'vide' : 'soun'), u32(0, 0, 0), [0])
  const head = isPicture ? writeFullBox('vmhd', 1, u16(0, 0, 0, 0)) : writeFullBox('smhd', 0, u16(0, 0))
  const dinf = writeBox('dinf', writeFullBox('dref', 0, u32(1), writeFullBox('url ', 1)))
  const empty = ['stts', 'stsc', 'stco'].map(type => writeFullBox(type, 0, u32(0)))
  const stbl = writeBox('stbl', writeFullBox('stsd', 0, u32(1), entry), ...empty, writeFullBox('stsz', 0, u32(0, 0)))
  const mdia = writeBox('mdia', mdhd, hdlr, writeBox('minf', head, dinf, stbl))
  const mvhd = writeFullBox('mvhd', 0, u32(0, 0, 1_000, 0, 0x10000), u16(0x100, 0), u32(0, 0), matrix, Buffer.alloc(24), u32(2))
  const mvex = writeBox('mvex', writeFullBox('trex', 0, u32(1, 1, 0, 0, 0)))
  const ftyp = writeBox('ftyp', Buffer.from('iso6'), u32(0), Buffer.from('iso6cmfcmp41'))
  return Buffer.concat([ftyp, writeBox('moov', mvhd, writeBox('trak', tkhd, mdia), mvex)])
}

function turned(degrees: number): Buffer {
  const [cos, sin] = [Math.round(Math.cos((degrees * Math.PI) / 180)), Math.round(Math.sin((degrees * Math.PI) / 180))]
  return u32(cos * 0x10000, sin * 0x10000, 0, -sin * 0x10000, cos * 0x10000, 0, 0, 0, 0x40000000)
}

export interface Segment {
  number: number
  track: FilmTrack
  packets: readonly FilmPacket[]
  /** Where the next segment begins, in seconds; the last frame lasts until then when it is not far. */
  end: number
}

/**
 * One fragment with the packets as they are, at the film's own times. Decoding times are the shown times in order: so a segment
 * needs to know nothing of the ones before it.
 */
export function writeSegment({ number, track, packets, end }: Segment): Buffer {
  const timescale = timescaleOf(track)
  const times = packets.map(({ pts }) => Math.max(0, Math.round(pts * timescale)))
  const order = [...times].sort((a, b) => a - b)
  const steps = stepsOf(order, { packets, end: end * timescale, timescale, isSound: track.kind === 'audio' })
  const starts = track.kind === 'audio' ? order.map((_, index) => (order[0] ?? 0) + index * (steps[0] ?? 0)) : order
  const samples = Buffer.concat(
    packets.map(({ data, isKey }, index) =>
      u32(
        steps[index] ?? 0,
        data.length,
        isKey ? KEY_FLAGS : DELTA_FLAGS,
        track.kind === 'audio' ? 0 : (times[index] ?? 0) - (starts[index] ?? 0),
      ),
    ),
  )
  const tfhd = writeFullBox('tfhd', 0x020000, u32(1))
  const tfdt = writeFullBox('tfdt', 0x01000000, u64(order[0] ?? 0))
  const trun = (offset: number) => writeFullBox('trun', 0x01000f01, u32(packets.length, offset), samples)
  const moof = (offset: number) =>
    writeBox('moof', writeFullBox('mfhd', 0, u32(number + 1)), writeBox('traf', tfhd, tfdt, trun(offset)))
  return Buffer.concat([moof(moof(0).length + 8), writeBox('mdat', ...packets.map(({ data }) => data))])
}

function stepsOf(
  order: readonly number[],
  { packets, end, timescale, isSound }: { packets: readonly FilmPacket[]; end: number; timescale: number; isSound: boolean },
): number[] {
  const said = (packets[0]?.duration ?? 0) * timescale
  if (isSound) {
    // Sound is a chain of frames of one length: rounding in the file must not open gaps between them.
    const measured = order.length > 1 ? ((order.at(-1) ?? 0) - (order[0] ?? 0)) / (order.length - 1) : said
    const step = Math.round(said > 0 ? said : measured)
    return order.map(() => step)
  }
  const steps = order.slice(1).map((time, index) => time - (order[index] ?? 0))
  const usual = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? Math.round(said || timescale / 25)
  const rest = Math.round(end) - (order.at(-1) ?? 0)
  return [...steps, rest > 0 && rest < usual * 3 ? rest : usual]
}
