import type { CreditRole, ProgrammeDetails } from './schema'
import { creditRoles } from './schema'
import type { Scanner } from './xmltv-scanner'
import { decodeReferences, MAX_DESCRIPTION, MAX_LINE, toLine, toLines } from './xmltv-text'
import { type LocalClock, MAX_PROGRAMME_MS, parseXmltvTime } from './xmltv-time'

export interface XmltvChannel {
  id: string
  names: string[]
  icon: string | null
}

export interface XmltvProgramme {
  channel: string
  /** Epoch milliseconds. */
  start: number
  /** Null when the guide does not say: it ends where the next one on its channel begins. */
  stop: number | null
  title: string
  subTitle: string | null
  description: string | null
  categories: string[]
  details: ProgrammeDetails | null
}

const MAX_NAMES = 10
const MAX_CATEGORIES = 20
const MAX_CREDITS = 60
const MAX_NUMBERS = 8
const MAX_ID = 256

const roles: ReadonlySet<string> = new Set(creditRoles)
const none: string[] = []

/** Reads the channel whose start tag was read last; null when it has no id. */
export function readChannel(scanner: Scanner): XmltvChannel | null {
  const id = toLine(scanner.attribute('id') ?? '', MAX_ID)
  const names = new Set<string>()
  let icon: string | null = null
  scanner.children(name => {
    if (name === 'display-name') {
      const text = toLine(scanner.content(), MAX_LINE)
      if (text !== '' && names.size < MAX_NAMES) names.add(text)
    } else if (name === 'icon') {
      icon ??= decodeReferences(scanner.attribute('src') ?? '') || null
    }
  })
  return id === '' ? null : { id, names: [...names], icon }
}

/**
 * Reads the programme whose start tag was read last; null when it is none: no channel, no title, impossible times. `starts`: when the
 * one before it on each channel began, which tells which of two hours is meant when clocks go back.
 */
export function readProgramme(
  scanner: Scanner,
  { clock, starts }: { clock: LocalClock; starts: ReadonlyMap<string, number> },
): XmltvProgramme | null {
  const channel = toLine(scanner.attribute('channel') ?? '', MAX_ID)
  const notBefore = (starts.get(channel) ?? -1) + 1
  const start = parseXmltvTime(scanner.attribute('start') ?? '', { clock, notBefore })
  const end = scanner.attribute('stop')
  const stop = end === null || end === '' ? null : parseXmltvTime(end, { clock, notBefore: (start ?? 0) + 1 })
  const programme: XmltvProgramme = {
    channel,
    start: start ?? 0,
    stop: stop === null ? null : Math.min(stop, (start ?? 0) + MAX_PROGRAMME_MS),
    title: '',
    subTitle: null,
    description: null,
    categories: none,
    details: null,
  }
  scanner.children(name => readChild(scanner, name, programme))
  const isTime = start !== null && !(stop === null && end) && (stop === null || stop > start)
  return isTime && programme.channel !== '' && programme.title !== '' ? programme : null
}

/** Texts repeat in several languages; the first one counts. */
function readChild(scanner: Scanner, name: string, programme: XmltvProgramme): void {
  switch (name) {
    case 'title': {
      if (programme.title !== '') return
      const language = scanner.tag === '' ? null : scanner.attribute('lang')
      programme.title = toLine(scanner.content())
      if (language) detailsOf(programme).language = toLine(language, 20)
      return
    }
    case 'sub-title':
      programme.subTitle ??= toLine(scanner.content()) || null
      return
    case 'desc':
      programme.description ??= toLines(scanner.content(), MAX_DESCRIPTION) || null
      return
    case 'category': {
      const text = toLine(scanner.content(), 80)
      if (text === '' || programme.categories.length >= MAX_CATEGORIES || programme.categories.includes(text)) return
      if (programme.categories === none) programme.categories = [text]
      else programme.categories.push(text)
      return
    }
    default:
      readDetail(scanner, name, programme)
  }
}

function detailsOf(programme: XmltvProgramme): ProgrammeDetails {
  programme.details ??= {}
  return programme.details
}

function readDetail(scanner: Scanner, name: string, programme: XmltvProgramme): void {
  switch (name) {
    case 'credits':
      readCredits(scanner, detailsOf(programme))
      return
    case 'date': {
      const date = /^\d{4}(?:\d{2}){0,2}/.exec(scanner.content().trim())?.[0]
      if (date) detailsOf(programme).date = date
      return
    }
    case 'episode-num':
      readNumber(scanner, detailsOf(programme))
      return
    case 'icon': {
      const src = scanner.attribute('src')
      if (src) detailsOf(programme).icon ??= decodeReferences(src)
      return
    }
    case 'rating':
      readRating(scanner, detailsOf(programme))
      return
    case 'star-rating':
      scanner.children(child => {
        if (child === 'value') detailsOf(programme).stars ??= toLine(scanner.content(), 20)
      })
      return
    case 'new':
      detailsOf(programme).isNew = true
      return
    case 'premiere':
      detailsOf(programme).isPremiere = true
      return
    case 'previously-shown':
      detailsOf(programme).isRepeat = true
      return
    case 'live':
      detailsOf(programme).isLive = true
  }
}

function readCredits(scanner: Scanner, details: ProgrammeDetails): void {
  const credits = details.credits ?? []
  scanner.children(role => {
    if (!roles.has(role) || credits.length >= MAX_CREDITS) return
    const as = scanner.tag === '' ? null : scanner.attribute('role')
    const name = toLine(scanner.content(), 120)
    if (name !== '') credits.push({ role: role as CreditRole, name, ...(as ? { as: toLine(as, 120) } : {}) })
  })
  if (credits.length > 0) details.credits = credits
}

function readRating(scanner: Scanner, details: ProgrammeDetails): void {
  const system = toLine(scanner.attribute('system') ?? '', 40)
  scanner.children(child => {
    if (child !== 'value') return
    const value = toLine(scanner.content(), 40)
    details.ratings ??= []
    if (value !== '' && details.ratings.length < MAX_NUMBERS) details.ratings.push({ system, value })
  })
}

function readNumber(scanner: Scanner, details: ProgrammeDetails): void {
  const system = toLine(scanner.attribute('system') ?? 'onscreen', 40)
  const value = toLine(scanner.content(), 80)
  if (value === '') return
  if (system === 'xmltv_ns') {
    // `S.E.P`, from zero, each perhaps `n/total`, each perhaps missing.
    const dot = value.indexOf('.')
    const second = dot < 0 ? -1 : value.indexOf('.', dot + 1)
    const season = leadingNumber(value, 0)
    const episode = dot < 0 ? -1 : leadingNumber(value, dot + 1)
    const part = second < 0 ? -1 : leadingNumber(value, second + 1)
    if (season >= 0) details.season = season + 1
    if (episode >= 0) details.episode = episode + 1
    if (part >= 0) details.part = part + 1
  } else if (system === 'onscreen') {
    details.onscreen ??= value
    const found = /^S(\d{1,4})\s*E(\d{1,5})$/i.exec(value)
    if (!found) return
    details.season ??= Number(found[1])
    details.episode ??= Number(found[2])
  } else {
    details.numbers ??= []
    if (details.numbers.length < MAX_NUMBERS) details.numbers.push({ system, value })
  }
}

/** The number that stands at `from`, blanks before it allowed; -1 when there is none or it is no number of an episode. */
function leadingNumber(text: string, from: number): number {
  let at = from
  while (text.charCodeAt(at) === 32) at++
  let value = -1
  for (let digit = text.charCodeAt(at) - 48; digit >= 0 && digit <= 9; digit = text.charCodeAt(++at) - 48) {
    value = Math.max(0, value) * 10 + digit
    if (value > 99_999) return -1
  }
  return value
}
