import { AppError, toAppError } from '@/lib/kernel/errors'
import { decodeXml } from './xmltv-decode'
import { readChannel, readProgramme, type XmltvChannel, type XmltvProgramme } from './xmltv-programme'
import { incomplete, limit, Scanner } from './xmltv-scanner'
import { type LocalClock, utcClock } from './xmltv-time'

export interface ReadOptions {
  /** Of times that say no zone; UTC without. */
  clock?: LocalClock
}

export interface XmltvBatch {
  channels: XmltvChannel[]
  programmes: XmltvProgramme[]
  /** Elements that were neither since the last batch. */
  dropped: number
  /** Set in the last batch: the document breaks off; why, when its bytes did. What came before counts. */
  truncated: AppError | null
}

/** Where `<tv` has to be, in characters. */
const HEAD = 16_384
const MAX_DEPTH = 32

interface State {
  scanner: Scanner
  clock: LocalClock
  /** When the last programme of each channel began, where times say no zone. */
  starts: Map<string, number>
  batch: XmltvBatch
  depth: number
  isInside: boolean
  /** Only while the beginning of the document is still at hand. */
  isFirst: boolean
}

const emptyBatch = (): XmltvBatch => ({ channels: [], programmes: [], dropped: 0, truncated: null })

/**
 * Reads a guide of any size with flat memory (protocols.md 5): elements in any order, several documents in a row, any
 * attribute, a missing end. Nothing is fetched and no entity expanded; a document that declares entities is refused.
 * @throws EPG_INVALID, EPG_EMPTY, EPG_LIMIT; what `bytes` throws before anything was read, and DECOMPRESSION_LIMIT
 */
export async function* readXmltv(bytes: AsyncIterable<Buffer>, options: ReadOptions = {}): AsyncGenerator<XmltvBatch> {
  const state: State = {
    scanner: new Scanner(),
    clock: options.clock ?? utcClock,
    starts: new Map(),
    batch: emptyBatch(),
    depth: 0,
    isInside: false,
    isFirst: true,
  }
  let head = ''
  let hasBegun = false
  let failure: unknown = null
  try {
    for await (const piece of decodeXml(bytes)) {
      // Blanks before the beginning are nobody's beginning, however many of them there are.
      if (!hasBegun) head = (head + piece).trimStart()
      if (!hasBegun && head.length < HEAD) continue
      yield take(state, hasBegun ? piece : head)
      hasBegun = true
    }
  } catch (error) {
    if (isVerdict(error)) throw error
    failure = error
  }
  if (!hasBegun) {
    if (head === '' && failure !== null) throw failure
    yield take(state, head)
  }
  const isCut = state.isInside || state.scanner.at < state.scanner.text.trimEnd().length
  const truncated = failure !== null ? toAppError(failure) : isCut ? new AppError('EPG_TRUNCATED') : null
  if (truncated !== null) yield { ...emptyBatch(), truncated }
}

/** What the reader itself found; everything else broke off the bytes. */
function isVerdict(error: unknown): boolean {
  const { code } = toAppError(error)
  return code.startsWith('EPG_') || code === 'DECOMPRESSION_LIMIT' || code === 'UNEXPECTED'
}

function take(state: State, piece: string): XmltvBatch {
  const { scanner } = state
  if (state.isFirst) requireGuide(piece)
  const nul = piece.indexOf('\0')
  if (nul >= 0) throw invalid('there are zero bytes in it', state.isFirst ? lineOf(piece, nul) : null)
  state.batch = emptyBatch()
  scanner.continueWith(piece, scanner.at)
  for (;;) {
    const lt = scanner.nextBracket()
    if (lt < 0) {
      scanner.at = scanner.text.length
      break
    }
    scanner.at = lt
    try {
      takeMarkup(state, lt)
    } catch (error) {
      if (error !== incomplete) throw error
      scanner.at = lt
      break
    }
  }
  state.isFirst = false
  return state.batch
}

/** A web page, an error text or a playlist is no guide; neither is nothing. */
function requireGuide(piece: string): void {
  const head = piece.slice(0, HEAD)
  if (/<tv[\s/>]/.test(head)) return
  if (head === '') throw new AppError('EPG_EMPTY')
  throw invalid('there is no <tv> at its beginning', 1)
}

function invalid(message: string, line: number | null): AppError {
  const where = line === null ? '' : ` (line ${line})`
  return new AppError('EPG_INVALID', { message: `${message}${where}`, say: `This is not a TV guide we can read${where}.` })
}

function lineOf(text: string, at: number): number {
  let line = 1
  for (let next = text.indexOf('\n'); next >= 0 && next < at; next = text.indexOf('\n', next + 1)) line++
  return line
}

function takeMarkup(state: State, lt: number): void {
  const { scanner, batch } = state
  const code = scanner.text.charCodeAt(lt + 1)
  if (Number.isNaN(code)) throw incomplete
  if (code === 47) {
    const isEnd = scanner.is('tv', lt + 2)
    scanner.close(lt)
    if (isEnd) state.isInside = false
    else state.depth = Math.max(0, state.depth - 1)
  } else if (code === 33 || code === 63) {
    if (scanner.is('<!DOCTYPE', lt) || scanner.is('<!doctype', lt)) takeDoctype(state, lt)
    else scanner.skipMarkup(lt)
  } else {
    scanner.open(lt)
    if (scanner.name === 'programme') {
      const programme = readProgramme(scanner, state)
      if (programme) takeProgramme(state, programme)
      else batch.dropped++
    } else if (scanner.name === 'channel') {
      const channel = readChannel(scanner)
      if (channel) batch.channels.push(channel)
      else batch.dropped++
    } else if (scanner.name === 'tv') {
      state.isInside = !scanner.isClosed
      state.depth = 0
    } else if (!scanner.isClosed && ++state.depth > MAX_DEPTH) {
      throw limit('elements are nested deeper than 32')
    }
  }
}

function takeProgramme({ batch, clock, starts }: State, programme: XmltvProgramme): void {
  batch.programmes.push(programme)
  const { channel, start } = programme
  if (clock === utcClock) return
  // A copy: a text that was cut from the document would keep all of it in memory.
  starts.set(starts.has(channel) ? channel : Buffer.from(channel).toString(), start)
}

/** The name of the DTD is passed over unread. Entities of its own have no place in a guide (reliability.md B26). */
function takeDoctype(state: State, lt: number): void {
  const { scanner } = state
  const gt = scanner.text.indexOf('>', lt)
  const bracket = scanner.text.indexOf('[', lt)
  if (gt < 0 || bracket < 0 || gt < bracket) {
    scanner.skipMarkup(lt)
    return
  }
  const entity = scanner.text.indexOf('<!ENTITY', bracket)
  const end = scanner.text.indexOf(']', bracket)
  if (entity >= 0 && (end < 0 || entity < end)) {
    throw invalid('it declares entities', state.isFirst ? lineOf(scanner.text, entity) : null)
  }
  if (end < 0) throw invalid('its declaration has no end', state.isFirst ? lineOf(scanner.text, lt) : null)
  scanner.at = end
  scanner.close(end)
}
