import { describeVideo } from '../../ts/codec-strings'
import type { FilmTrack } from '../film'
import { u16, u32, writeBox, writeFullBox } from '../read/mp4-boxes'

/** What a browser has to know of a track before its first byte. */
export interface CodecName {
  /** RFC 6381. */
  codecString: string
  entry: Buffer
}

/** How MP4 names this track's codec and describes it to the decoder; null for what browsers do not take in MP4. */
export function describeForMp4(track: FilmTrack): CodecName | null {
  return track.kind === 'video' ? describePicture(track) : track.kind === 'audio' ? describeSound(track) : null
}

function describePicture(track: FilmTrack): CodecName | null {
  const { codec, matroska } = track
  const { config } = matroska
  if (codec === 'h264' && config !== null && config.length > 6 && config[0] === 1) {
    return { codecString: `avc1.${config.toString('hex', 1, 4)}`, entry: visual(track, 'avc1', writeBox('avcC', config)) }
  }
  if (codec === 'hevc' && config !== null && config.length > 22) {
    const { codecString } = describeVideo('hevc', setsOf(config))
    return codecString === null ? null : { codecString, entry: visual(track, 'hvc1', writeBox('hvcC', config)) }
  }
  if (codec === 'av1' && config !== null && config.length >= 4) {
    const [b1, b2] = [config[1] ?? 0, config[2] ?? 0]
    const level = String(b1 & 31).padStart(2, '0')
    const depth = b2 & 0x40 ? (b2 & 0x20 ? '12' : '10') : '08'
    return {
      codecString: `av01.${b1 >> 5}.${level}${b2 & 0x80 ? 'H' : 'M'}.${depth}`,
      entry: visual(track, 'av01', writeBox('av1C', config)),
    }
  }
  if (codec !== 'vp9') return null
  const [profile, level, depth] = readVp9(config)
  const two = (value: number) => String(value).padStart(2, '0')
  const vpcC = writeFullBox('vpcC', 0x01000000, [profile, level, (depth << 4) | (1 << 1), 1, 1, 1, 0, 0])
  return { codecString: `vp09.${two(profile)}.${two(level)}.${two(depth)}`, entry: visual(track, 'vp09', vpcC) }
}

/** The parameter sets inside an HEVC configuration. */
export function setsOf(config: Buffer): Buffer[] {
  const sets: Buffer[] = []
  let at = 23
  for (let array = 0; array < (config[22] ?? 0) && at + 3 <= config.length; array++) {
    const count = config.readUInt16BE(at + 1)
    at += 3
    for (let n = 0; n < count && at + 2 <= config.length; n++) {
      const length = config.readUInt16BE(at)
      sets.push(config.subarray(at + 2, at + 2 + length))
      at += 2 + length
    }
  }
  return sets
}

/** Profile, level and depth from Matroska's features; 8-bit profile 0 at level 4.1 when it names none. */
function readVp9(config: Buffer | null): [number, number, number] {
  const features = new Map<number, number>()
  for (let at = 0; config !== null && at + 3 <= config.length; at += 2 + (config[at + 1] ?? 1))
    features.set(config[at] ?? 0, config[at + 2] ?? 0)
  return [features.get(1) ?? 0, features.get(2) ?? 41, features.get(3) ?? 8]
}

function visual({ width, height, displayWidth }: FilmTrack, type: string, config: Buffer): Buffer {
  const [w, h] = [width ?? 0, height ?? 0]
  const isSquare = displayWidth === null || displayWidth === w || h === 0
  const shape = isSquare ? [] : [writeBox('pasp', u32(displayWidth, w))]
  const head = Buffer.concat([Buffer.alloc(6), u16(1), Buffer.alloc(16), u16(w, h), u32(0x480000, 0x480000, 0), u16(1)])
  return writeBox(type, head, Buffer.alloc(32), u16(0x18, 0xffff), config, ...shape)
}

function describeSound(track: FilmTrack): CodecName | null {
  const { codec, matroska } = track
  const { config } = matroska
  if (codec === 'aac') {
    const asc = config ?? Buffer.from([0x11, 0x90])
    const object = (asc[0] ?? 0) >> 3
    return { codecString: `mp4a.40.${object === 31 ? 2 : object || 2}`, entry: audible(track, 'mp4a', esds(0x40, asc)) }
  }
  if (codec === 'mp3') return { codecString: 'mp4a.6B', entry: audible(track, 'mp4a', esds(0x6b, null)) }
  if (codec === 'opus' && config !== null && config.length >= 19) {
    const channels = config[9] ?? 2
    const mapping = config.subarray(18)
    const dOps = Buffer.concat([
      Buffer.from([0, channels]),
      u16(config.readUInt16LE(10)),
      u32(config.readUInt32LE(12)),
      u16(config.readInt16LE(16)),
      mapping,
    ])
    return { codecString: 'opus', entry: audible({ ...track, sampleRate: 48_000 }, 'Opus', writeBox('dOps', dOps)) }
  }
  if (codec !== 'flac' || config === null) return null
  const blocks = config.toString('latin1', 0, 4) === 'fLaC' ? config.subarray(4) : config
  const info = Buffer.from(blocks.subarray(0, 38))
  // Only the stream's own block goes along: it is the last one.
  info[0] = 0x80
  return { codecString: 'flac', entry: audible(track, 'fLaC', writeFullBox('dfLa', 0, info)) }
}

function audible({ channels, sampleRate }: FilmTrack, type: string, config: Buffer): Buffer {
  const head = Buffer.concat([Buffer.alloc(6), u16(1), Buffer.alloc(8), u16(channels ?? 2, 16, 0, 0)])
  return writeBox(type, head, u16((sampleRate ?? 48_000) > 65_535 ? 0 : (sampleRate ?? 48_000), 0), config)
}

function esds(object: number, config: Buffer | null): Buffer {
  const tag = (number: number, ...content: Buffer[]) => {
    const body = Buffer.concat(content)
    return Buffer.concat([Buffer.from([number, 0x80, 0x80, 0x80, body.length]), body])
  }
  const decoder = tag(4, Buffer.from([object, 0x15, 0, 0, 0]), u32(0, 0), ...(config === null ? [] : [tag(5, config)]))
  return writeFullBox('esds', 0, tag(3, Buffer.from([0, 0, 0]), decoder, tag(6, Buffer.from([2]))))
}
