import { BitReader } from './bit-reader'

/** Of Dolby's sound by its mode, without the deep one. */
const dolby = [2, 1, 2, 3, 3, 4, 4, 5]

/** Channels of the sound whose first bytes these are; null where they do not say. */
export function countChannels(codec: string, head: Buffer): number | null {
  const [, , b2 = 0, b3 = 0, b4 = 0] = head
  if (codec === 'aac') {
    const said = ((b2 & 1) << 2) | (b3 >> 6)
    return head[0] !== 0xff || said === 0 ? null : said === 7 ? 8 : said
  }
  if (codec === 'mp2' || codec === 'mp3') return head[0] !== 0xff ? null : b3 >> 6 === 3 ? 1 : 2
  if (head.length < 8 || head.readUInt16BE(0) !== 0x0b77) return null
  if (codec === 'eac3') return (dolby[(b4 >> 1) & 7] ?? 0) + (b4 & 1)
  return codec === 'ac3' ? countDolby(new BitReader(head.subarray(6))) : null
}

function countDolby(reader: BitReader): number {
  const mode = reader.bits(3)
  // How loud the middle and the back are, and whether two channels hold more.
  if ((mode & 1) !== 0 && mode !== 1) reader.skip(2)
  if ((mode & 4) !== 0) reader.skip(2)
  if (mode === 2) reader.skip(2)
  return (dolby[mode] ?? 0) + (reader.flag() ? 1 : 0)
}
