/** Seconds by which two pieces of one line may miss each other: lengths in playlists are rounded, and corrected afterwards. */
const SEAM = 0.15

/** How the name of a line begins that is told again, as often as it grows. */
export const CAPTION_ID = 'caption:'

/** What is used here of Shaka's cues. */
export interface CaptionCue {
  id?: string
  startTime: number
  endTime: number
  nestedCues?: CaptionCue[]
}

export interface CaptionDisplayer {
  append: (cues: CaptionCue[]) => void
  remove: (start: number, end: number) => boolean
}

const isTime = (key: string) => key === 'startTime' || key === 'endTime'
const looksOf = (cue: CaptionCue): string =>
  JSON.stringify(cue, (key: string, value: unknown) => (isTime(key) ? undefined : value))

function prolong(cue: CaptionCue, end: number): void {
  for (const nested of cue.nestedCues ?? []) if (nested.endTime === cue.endTime) prolong(nested, end)
  cue.endTime = end
}

/** What never begins is not shown any more. */
function takeBack(cue: CaptionCue): void {
  cue.endTime = cue.startTime
  for (const nested of cue.nestedCues ?? []) takeBack(nested)
}

/**
 * Words of a channel that stand over the seams of segments come in pieces, a piece with each segment. Where the pieces miss each
 * other by some hundredths of a second the words would blink, where they overlap they would stand there twice. So a piece that goes
 * on where the one before ends prolongs it. A line with a name (see EarlyCaptions) comes whole each time, with what has been added:
 * it takes the place of the one before.
 */
export function joinSeams(displayer: CaptionDisplayer): void {
  const [append, remove] = [displayer.append.bind(displayer), displayer.remove.bind(displayer)]
  let known: { cue: CaptionCue; looks: string }[] = []

  const isReplaced = (cue: CaptionCue): boolean => {
    if (!cue.id?.startsWith(CAPTION_ID)) return false
    const before = known.find(one => one.cue.id === cue.id)
    if (before !== undefined && before.cue !== cue) takeBack(before.cue)
    known = [...known.filter(one => one !== before), { cue, looks: '' }]
    return true
  }

  displayer.append = cues => {
    const added = cues.filter(cue => {
      if (isReplaced(cue)) return true
      const looks = looksOf(cue)
      const before = known.find(
        one => one.looks === looks && one.cue.startTime <= cue.startTime && Math.abs(one.cue.endTime - cue.startTime) <= SEAM,
      )
      if (before === undefined) known.push({ cue, looks })
      else prolong(before.cue, Math.max(before.cue.endTime, cue.endTime))
      return before === undefined
    })
    // Also without anything new: it looks then at what has become longer.
    append(added)
  }
  displayer.remove = (start, end) => {
    // The same choice as the displayer makes: what reaches beyond the end stays.
    known = known.filter(({ cue }) => cue.startTime < start || cue.endTime >= end)
    return remove(start, end)
  }
}
