/** One line of subtitles: its times in seconds of the film, its text in the little markup that WebVTT and browsers share. */
export interface Cue {
  start: number
  end: number
  /** Text with i, b and u tags; everything else is escaped. */
  text: string
  /** WebVTT cue settings, each behind a space. */
  settings: string
  /** One line that players do not show. */
  name?: string
}

/** Where a line stands, by the numbers of a keypad: 2 below in the middle, 8 above. */
export function settingsOf(alignment: number): string {
  const align = alignment % 3 === 1 ? ' align:left' : alignment % 3 === 0 ? ' align:right' : ''
  const line = alignment >= 7 ? ' line:5%' : alignment >= 4 ? ' line:45%' : ''
  return `${line}${align}`
}

/** A line of SubRip, which players have taught the place marks of Advanced SubStation. Null when nothing is left of it. */
export function cueFromSubrip(raw: string, { start, end }: Pick<Cue, 'start' | 'end'>): Cue | null {
  const text = clean(raw)
  const settings = settingsOf(Number(/\{\\an([1-9])/.exec(raw)?.[1] ?? 2))
  return text === '' ? null : { start, end, text, settings }
}

/** SubRip's tags that WebVTT knows stay; everything else becomes text or goes. */
export function clean(text: string): string {
  const plain = text.replace(/\r\n?/g, '\n').replace(/\{\\[^}]*\}/g, '')
  return plain
    .split(/(<\/?[biu]>)/i)
    .map((part, index) =>
      index % 2 === 1 ? part.toLowerCase() : escapeMarkup(part.replace(/<\/?(font|span|c|v|lang|ruby|rt|s)\b[^>]*>/gi, '')),
    )
    .join('')
    .replace(/\n{2,}/g, '\n')
    .trim()
}

export const escapeMarkup = (text: string): string =>
  text
    .replace(/&(?!amp;|lt;|gt;|nbsp;|lrm;|rlm;)/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/-->/g, '--&gt;')

/** Prints cues as WebVTT. `head` stands under its first line. */
export function printCues(cues: readonly Cue[], head = ''): string {
  const blocks = cues.map(
    ({ start, end, settings, text, name }) =>
      `${name === undefined ? '' : `${name}\n`}${timeOf(start)} --> ${timeOf(Math.max(end, start + 0.1))}${settings}\n${text}\n`,
  )
  return `${[`WEBVTT${head}\n`, ...blocks].join('\n')}\n`
}

function timeOf(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds * 1_000))
  const part = (value: number, digits: number) => String(Math.floor(value)).padStart(digits, '0')
  return `${part(whole / 3_600_000, 2)}:${part((whole / 60_000) % 60, 2)}:${part((whole / 1_000) % 60, 2)}.${part(whole % 1_000, 3)}`
}
