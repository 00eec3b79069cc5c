import { creditRoles, type Programme, type ProgrammeDetails } from './schema'
import { formatXmltvTime } from './xmltv-time'

/** A channel as it is written: under the id that items carry, which is what clients look for. */
export interface WrittenChannel {
  id: string
  names: readonly string[]
  icon: string | null
}

export interface WrittenProgramme extends Programme {
  channel: string
}

// What XML 1.0 cannot hold in any form, and what has to be written as a reference.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const toMend = /[&<>"\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/

export function escapeXml(text: string): string {
  if (!toMend.test(text)) return text
  const clean = text.replace(unwritable, '').toWellFormed()
  return clean.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

const element = (name: string, text: string, attributes = ''): string => `<${name}${attributes}>${escapeXml(text)}</${name}>`
const attribute = (name: string, value: string | undefined): string => (value ? ` ${name}="${escapeXml(value)}"` : '')

/** The DTD is named, never meant to be fetched: readers check by it when they have it. */
export const xmltvHeader = (generator: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tv SYSTEM "xmltv.dtd">\n<tv generator-info-name="${escapeXml(generator)}">\n`
export const xmltvFooter = '</tv>\n'

/** Nothing but what the DTD knows; it wants at least one name. */
export function xmltvChannel({ id, names, icon }: WrittenChannel): string {
  const shown = names.length > 0 ? names : [id]
  const displayed = shown.map(name => element('display-name', name)).join('')
  return `<channel id="${escapeXml(id)}">${displayed}${icon === null ? '' : `<icon src="${escapeXml(icon)}"/>`}</channel>\n`
}

/** Children in the order of the DTD (protocols.md 5.2), times always with their offset. */
export function xmltvProgramme(programme: WrittenProgramme): string {
  const { channel, start, stop, title, subTitle, description, categories, details } = programme
  const lang = details === null ? '' : attribute('lang', details.language)
  let text = `<programme start="${formatXmltvTime(start)}" stop="${formatXmltvTime(stop)}" channel="${escapeXml(channel)}">`
  text += element('title', title, lang)
  if (subTitle !== null) text += element('sub-title', subTitle, lang)
  if (description !== null) text += element('desc', description, lang)
  if (details !== null) text += credits(details) + (details.date ? element('date', details.date) : '')
  for (const category of categories) text += element('category', category, lang)
  if (details !== null) text += facts(details)
  return `${text}</programme>\n`
}

function credits({ credits: all }: ProgrammeDetails): string {
  if (!all || all.length === 0) return ''
  const inOrder = creditRoles.flatMap(role => all.filter(credit => credit.role === role))
  const lines = inOrder.map(({ role, name, as }) => element(role, name, role === 'actor' ? attribute('role', as) : ''))
  return `<credits>${lines.join('')}</credits>`
}

function facts(details: ProgrammeDetails): string {
  let text = details.icon ? `<icon src="${escapeXml(details.icon)}"/>` : ''
  text += episodeNumbers(details)
  if (details.isRepeat) text += '<previously-shown/>'
  if (details.isPremiere) text += '<premiere/>'
  if (details.isNew) text += '<new/>'
  for (const { system, value } of details.ratings ?? []) {
    text += `<rating${attribute('system', system)}>${element('value', value)}</rating>`
  }
  return details.stars ? `${text}<star-rating>${element('value', details.stars)}</star-rating>` : text
}

function episodeNumbers({ season, episode, part, onscreen, numbers }: ProgrammeDetails): string {
  const before = (value: number | undefined) => (value === undefined ? '' : String(Math.max(0, value - 1)))
  const isKnown = season !== undefined || episode !== undefined
  const pad = (value: number) => String(value).padStart(2, '0')
  const told = onscreen ?? (season !== undefined && episode !== undefined ? `S${pad(season)}E${pad(episode)}` : undefined)
  let text = ''
  if (isKnown) text += element('episode-num', `${before(season)}.${before(episode)}.${before(part)}`, ' system="xmltv_ns"')
  if (told) text += element('episode-num', told, ' system="onscreen"')
  for (const { system, value } of numbers ?? []) text += element('episode-num', value, attribute('system', system))
  return text
}
