/** Seconds by which two pieces of one line may miss each other: lengths in playlists are rounded, and corrected afterwards. */
const SEAM = 0.15

/** What is used here of Shaka's cues. */
export interface CaptionCue {
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

/**
 * Words of a channel that stand over the seams of segments come in pieces, a piece with each segment. Where the pieces miss each
 * other by some hundredths of a second the words would blink, where they overlap they would stand there twice. So a piece that goes
 * on where the one before ends prolongs it.
 */
export function joinSeams(displayer: CaptionDisplayer): void {
  const [append, remove] = [displayer.append.bind(displayer), displayer.remove.bind(displayer)]
  let known: { cue: CaptionCue; looks: string }[] = []

  displayer.append = cues => {
    const added = cues.filter(cue => {
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
