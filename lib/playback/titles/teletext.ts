import { eightBits, hamming8, hamming24 } from './hamming'
import { accentedLetter, letterOf, supplementaryLetter } from './teletext-letters'

/** What a page of subtitles says from a moment on; an empty text takes away what it said. */
export interface TeletextTitle {
  /** Ticks of 90 kHz. */
  pts: number
  text: string
  /** Of its highest row, which has 24 below it. */
  row: number
}

interface Page {
  pts: number
  language: number
  /** Codes of seven bits. */
  rows: Map<number, Buffer>
  /** Letters that have no code, by row and column. */
  extra: Map<number, string>
}

const ROWS = 25
const COLUMNS = 40
const START_BOX = 0x0b
const END_BOX = 0x0a

/**
 * Reads one page of subtitles out of a teletext stream (EN 300 472, EN 300 706 level 1, and of 1.5 the accented letters). Latin
 * letters only.
 */
export class TeletextDecoder {
  readonly #magazine: number
  readonly #number: number
  #page: Page | null = null
  #said = ''

  /** `page` as people write it: 888. */
  constructor(page: number) {
    this.#magazine = Math.floor(page / 100) & 7
    this.#number = (Math.floor(page / 10) % 10) * 16 + (page % 10)
  }

  /** The data of one PES packet. A page is whole when another begins. */
  push(pts: number, data: Buffer): TeletextTitle[] {
    const titles: TeletextTitle[] = []
    for (let at = 1; at + 46 <= data.length; at += 2 + (data[at + 1] ?? 0)) {
      const [unit, length] = [data[at], data[at + 1]]
      if ((unit !== 0x02 && unit !== 0x03) || length !== 0x2c) continue
      // Behind the place of the line and a mark for receivers come 42 bytes, the first bit sent at the top.
      const title = this.#packet(pts, Buffer.from(data.subarray(at + 4, at + 46).map(eightBits)))
      if (title !== null) titles.push(title)
    }
    return titles
  }

  /** What is there now, when nothing more comes. */
  flush(): TeletextTitle[] {
    const title = this.#finish()
    return title === null ? [] : [title]
  }

  #packet(pts: number, bytes: Buffer): TeletextTitle | null {
    const address = hamming8(bytes[0]) | (hamming8(bytes[1]) << 4)
    const [magazine, row] = [address & 7, address >> 3]
    const body = bytes.subarray(2)
    if (row === 0) return this.#header({ pts, magazine, body })
    if (magazine !== this.#magazine || this.#page === null) return null
    if (row < ROWS) this.#page.rows.set(row, Buffer.from(body.map(byte => byte & 0x7f)))
    if (row === 26) addLetters(this.#page, body)
    return null
  }

  #header({ pts, magazine, body }: { pts: number; magazine: number; body: Buffer }): TeletextTitle | null {
    const number = hamming8(body[0]) | (hamming8(body[1]) << 4)
    const isOurs = magazine === this.#magazine && number === this.#number
    // Magazines that are sent side by side do not end each other's pages.
    const isSerial = (hamming8(body[7]) & 1) !== 0
    const title = isOurs || isSerial || magazine === this.#magazine ? this.#finish() : null
    if (!isOurs) return title
    const language = hamming8(body[7]) >> 1
    this.#page = { pts, language, rows: new Map(), extra: new Map() }
    return title
  }

  #finish(): TeletextTitle | null {
    const page = this.#page
    this.#page = null
    if (page === null) return null
    const lines = [...page.rows.keys()].sort((a, b) => a - b).map(row => ({ row, text: readRow(page, row) }))
    const seen = lines.filter(({ text }) => text !== '')
    const text = seen.map(line => line.text).join('\n')
    // Pages are sent again and again.
    if (text === this.#said) return null
    this.#said = text
    return { pts: page.pts, text, row: seen[0]?.row ?? ROWS - 1 }
  }
}

/** What stands in the box of a row; all of it when it has none. */
function readRow({ rows, extra, language }: Page, row: number): string {
  const codes = rows.get(row) ?? Buffer.alloc(0)
  const start = codes.indexOf(START_BOX)
  const end = codes.indexOf(END_BOX, start + 1)
  const to = start === -1 || end === -1 ? COLUMNS : end
  let text = ''
  for (let column = Math.max(0, start); column < to; column++)
    text += extra.get(row * COLUMNS + column) ?? letterOf(codes[column] ?? 0x20, language)
  return text.replace(/ {2,}/g, ' ').trim()
}

/** A packet of letters that the plain rows have no code for (12.3). */
function addLetters(page: Page, body: Buffer): void {
  let row = 0
  for (let at = 1; at + 3 <= body.length; at += 3) {
    const triplet = hamming24(body.readUIntLE(at, 3))
    if (triplet === null) continue
    const [address, mode, data] = [triplet & 0x3f, (triplet >> 6) & 0x1f, triplet >> 11]
    if (address >= COLUMNS) {
      if (mode === 0x1f) return
      if (mode === 0x04) row = address === COLUMNS ? 24 : address - COLUMNS
    } else if (mode === 0x0f && data >= 0x20) page.extra.set(row * COLUMNS + address, supplementaryLetter(data))
    else if (mode >= 0x11 && data >= 0x20) page.extra.set(row * COLUMNS + address, accentedLetter(data, mode & 15))
  }
}
