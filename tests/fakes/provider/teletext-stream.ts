/** Subtitles as a teletext page sends them. */
export interface TeletextLine {
  start: number
  end: number
  text: string
  /** 1 to 23. */
  row: number
}

interface Event {
  at: number
  line: TeletextLine | null | 'filler'
}

const FILLER_SECONDS = 0.2

/** Four bits protected, as EN 300 706 prints them. */
const PROTECTED = [0x15, 0x02, 0x49, 0x5e, 0x64, 0x73, 0x38, 0x2f, 0xd0, 0xc7, 0x8c, 0x9b, 0xa1, 0xb6, 0xfd, 0xea]
const PACKET = 188

const protect = (...nibbles: number[]): number[] => nibbles.map(nibble => PROTECTED[nibble] ?? 0)
const turn = (byte: number): number => Number.parseInt(byte.toString(2).padStart(8, '0').split('').reverse().join(''), 2)
const withParity = (code: number): number => (code.toString(2).replaceAll('0', '').length % 2 === 0 ? code | 0x80 : code)

/** One packet of 42 bytes: where it belongs, and forty bytes. */
const line = (magazine: number, row: number, body: number[]): number[] => {
  const address = (magazine & 7) | (row << 3)
  return [...protect(address & 15, address >> 4), ...body]
}

/** A page's beginning: it erases what was there, is a subtitle, and is written in a language's letters (EN 300 706, 9.3.1). */
function header(page: number, language: number): number[] {
  const [magazine, tens, ones] = [Math.floor(page / 100), Math.floor(page / 10) % 10, page % 10]
  // S1, S2 with the wish to erase, S3, S4 with the mark of subtitles, nothing, and the language above the mark of one magazine at a time.
  const flags = protect(0, 8, 0, 8, 0, (language << 1) | 1)
  return line(magazine, 0, [...protect(ones, tens), ...flags, ...Array.from({ length: 32 }, () => withParity(0x20))])
}

function row(page: number, { row: number, text }: TeletextLine): number[] {
  const boxed = [0x0d, 0x0b, 0x0b, ...Buffer.from(text, 'latin1'), 0x0a, 0x0a]
  const codes = Array.from({ length: 40 }, (_, at) => withParity(boxed[at] ?? 0x20))
  return line(Math.floor(page / 100), number, codes)
}

/** The PES packet of a page at a moment, in ticks; without a line the page is empty, and a filler says nothing of it. */
export function teletextPes(
  pts: number,
  about: { page: number; language: number; line: TeletextLine | null | 'filler' },
): Buffer {
  const { page, language, line: shown } = about
  const packets = [header(page, language), ...(shown === null || shown === 'filler' ? [] : [row(page, shown)])]
  const lines = shown === 'filler' ? [] : packets
  const units = lines.map((bytes, at) => [0x03, 0x2c, 0xe0 | (7 + at), 0xe4, ...bytes.map(turn)])
  // Padded to whole transport packets, as EN 300 472 wants it: 45 bytes of header, then units of 46.
  const count = Math.ceil((45 + 1 + units.length * 46) / 184) * 4 - 1
  while (units.length < count) units.push([0xff, 0x2c, ...Array.from({ length: 44 }, () => 0xff)])
  const stamp = Buffer.from([0x21 | ((Math.floor(pts / 2 ** 30) & 7) << 1), 0, 1, 0, 1])
  stamp.writeUInt16BE(((Math.floor(pts / 2 ** 15) & 0x7fff) << 1) | 1, 1)
  stamp.writeUInt16BE(((pts % 2 ** 15) << 1) | 1, 3)
  const head = Buffer.concat([Buffer.from([0x84, 0x80, 0x24]), stamp, Buffer.alloc(31, 0xff), Buffer.from([0x10])])
  const body = Buffer.concat([head, ...units.map(unit => Buffer.from(unit))])
  const length = Buffer.alloc(2)
  length.writeUInt16BE(body.length)
  return Buffer.concat([Buffer.from([0, 0, 1, 0xbd]), length, body])
}

const pidOf = (packet: Buffer) => packet.readUInt16BE(1) & 0x1fff
const startsUnit = (packet: Buffer) => ((packet[1] ?? 0) & 0x40) !== 0

/** The same transport stream with a page of teletext in it, named in its map. */
export function addTeletext(
  stream: Buffer,
  about: { pid: number; page: number; language: number; code: string; lines: TeletextLine[] },
): Buffer {
  const packets = Array.from({ length: Math.floor(stream.length / PACKET) }, (_, n) =>
    stream.subarray(n * PACKET, (n + 1) * PACKET),
  )
  const association = packets.find(packet => pidOf(packet) === 0)
  const mapPid = association === undefined ? 0 : association.readUInt16BE(15) & 0x1fff
  // Broadcasts send something all the time.
  const last = Math.max(...about.lines.map(({ end }) => end)) + 3
  const fillers: Event[] = Array.from({ length: Math.floor(last / FILLER_SECONDS) }, (_, n) => ({
    at: (n + 0.5) * FILLER_SECONDS,
    line: 'filler',
  }))
  const events = about.lines
    .flatMap((each): Event[] => [
      { at: each.start, line: each },
      { at: each.end, line: null },
    ])
    .concat(fillers)
    .sort((a, b) => a.at - b.at)
  let base: number | null = null
  let counter = 0
  return Buffer.concat(
    packets.flatMap(packet => {
      if (pidOf(packet) === mapPid && startsUnit(packet)) return [nameTeletext(packet, about)]
      const pts = videoStamp(packet)
      if (pts === null) return [packet]
      base ??= pts
      const due = events.filter(({ at }) => at * 90_000 <= pts - (base ?? 0))
      events.splice(0, due.length)
      const added = due.map(({ at, line: shown }) =>
        teletextPes(Math.round((base ?? 0) + at * 90_000), { ...about, line: shown }),
      )
      return [...added.flatMap(pes => packetise(pes, about.pid, () => counter++ & 15)), packet]
    }),
  )
}

/** The stamp of a picture that begins in this packet; null for any other. */
function videoStamp(packet: Buffer): number | null {
  const at = ((packet[3] ?? 0) & 0x20) === 0 ? 4 : 5 + (packet[4] ?? 0)
  if (!startsUnit(packet) || at > 160 || packet.readUInt32BE(at) >> 4 !== 0x1e) return null
  const stamp = packet.subarray(at + 9)
  return (((stamp[0] ?? 0) >> 1) & 7) * 2 ** 30 + (stamp.readUInt16BE(1) >> 1) * 2 ** 15 + (stamp.readUInt16BE(3) >> 1)
}

function packetise(pes: Buffer, pid: number, count: () => number): Buffer[] {
  return Array.from({ length: Math.ceil(pes.length / 184) }, (_, n) => {
    const head = Buffer.from([0x47, 0, 0, 0x10 | count()])
    head.writeUInt16BE((n === 0 ? 0x4000 : 0) | pid, 1)
    return Buffer.concat([head, pes.subarray(n * 184, (n + 1) * 184)])
  })
}

function nameTeletext(packet: Buffer, { pid, page, code }: { pid: number; page: number; code: string }): Buffer {
  const size = 3 + (packet.readUInt16BE(6) & 0x0fff)
  const [magazine, tens, ones] = [Math.floor(page / 100) & 7, Math.floor(page / 10) % 10, page % 10]
  const descriptor = [0x56, 5, ...Buffer.from(code, 'latin1'), (2 << 3) | magazine, (tens << 4) | ones]
  const entry = Buffer.from([0x06, 0xe0 | (pid >> 8), pid & 255, 0xf0, descriptor.length, ...descriptor])
  const section = Buffer.concat([packet.subarray(5, 5 + size - 4), entry])
  section.writeUInt16BE(0xb000 | (section.length + 4 - 3), 1)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(checksum(section))
  const body = Buffer.concat([packet.subarray(0, 5), section, sum])
  return Buffer.concat([body, Buffer.alloc(PACKET - body.length, 0xff)])
}

/** CRC-32 of MPEG. */
function checksum(bytes: Buffer): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte << 24
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1
  }
  return crc >>> 0
}
