import { type Cue, escapeMarkup, settingsOf } from './cue'

const settingsFor = (alignment: number, place: { x: number; y: number } | null): string =>
  place === null
    ? settingsOf(alignment)
    : ` line:${Math.round(place.y)}% position:${Math.round(place.x)}%${settingsOf(alignment).replace(/ line:\d+%/, '')}`

const tags: Record<string, [string, string]> = { i1: ['<i>', 'i'], b1: ['<b>', 'b'], u1: ['<u>', 'u'] }

/** One event of Advanced SubStation as Matroska stores it: fields, then text with its overrides. Null for drawings and nothing. */
export function cueFromAss(event: string, { start, end, config }: { start: number; end: number; config: string }): Cue | null {
  const fields = event.split(',')
  const raw = fields.slice(8).join(',')
  if (/\{[^}]*\\p[1-9]/.test(raw)) return null
  const styled = styleOf(config, fields[2] ?? '')
  const alignment = Number(/\\an([1-9])/.exec(raw)?.[1] ?? styled.alignment)
  const [, x, y] = /\\(?:pos|move)\(\s*(-?[\d.]+)\s*,\s*(-?[\d.]+)/.exec(raw) ?? []
  const place =
    x === undefined || y === undefined
      ? null
      : { x: within((Number(x) / styled.width) * 100), y: within((Number(y) / styled.height) * 100) }
  const text = withTags(raw, styled.italic)
  return text.trim() === '' ? null : { start, end, text, settings: settingsFor(alignment, place) }
}

const within = (percent: number) => Math.min(98, Math.max(2, percent))

function withTags(raw: string, isItalic: boolean): string {
  const open: string[] = isItalic ? ['i'] : []
  let text = isItalic ? '<i>' : ''
  for (const part of raw.split(/(\{[^}]*\})/)) {
    if (!part.startsWith('{')) {
      text += escapeMarkup(part.replace(/\\h/g, ' ').replace(/\\[Nn]/g, '\n'))
      continue
    }
    for (const [, tag = ''] of part.matchAll(/\\([ibu][01])(?![0-9a-z])/g)) {
      const [start, name] = tags[tag] ?? ['', '']
      if (start !== '' && !open.includes(name)) {
        open.push(name)
        text += start
      } else if (tag.endsWith('0') && open.at(-1) === tag[0]) text += `</${open.pop()}>`
    }
  }
  return (
    text +
    open
      .reverse()
      .map(name => `</${name}>`)
      .join('')
  )
}

interface Styled {
  alignment: number
  italic: boolean
  width: number
  height: number
}

function styleOf(config: string, name: string): Styled {
  const number = (pattern: RegExp, otherwise: number) => Number(pattern.exec(config)?.[1] ?? otherwise)
  const format = (/\[V4\+? Styles\][^[]*?Format:\s*([^\r\n]*)/.exec(config)?.[1] ?? '').split(',').map(part => part.trim())
  const rows = [...config.matchAll(/^Style:\s*([^\r\n]*)/gm)].map(([, row = '']) => row.split(',').map(part => part.trim()))
  const row = rows.find(([own]) => own === name) ?? []
  const field = (of: string) => row[format.indexOf(of)]
  return {
    alignment: Number(field('Alignment') ?? 2) || 2,
    italic: field('Italic') === '-1',
    width: number(/^PlayResX:\s*(\d+)/m, 384) || 384,
    height: number(/^PlayResY:\s*(\d+)/m, 288) || 288,
  }
}
