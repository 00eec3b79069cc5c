import { PICTURES_CUE, Pictures } from '@/lib/playback/schema'
import type { CaptionCue } from './caption-seams'
import { drawPictures } from './picture-titles'
import { createPainter } from './side-titles'

/** Of whichever kind Shaka chooses for the browser. */
interface Displayer {
  append(cues: CaptionCue[]): void
  remove(start: number, end: number): boolean
  isTextVisible(): boolean
  destroy(): Promise<void>
}

interface Title {
  cue: CaptionCue
  pictures: Pictures
}

/** A provider's own subtitles may have names of any kind. */
function readPictures({ id }: CaptionCue): Pictures | null {
  if (!id?.startsWith(PICTURES_CUE)) return null
  try {
    return Pictures.safeParse(JSON.parse(id.slice(PICTURES_CUE.length))).data ?? null
  } catch {
    return null
  }
}

/** Subtitles of a channel that are pictures come in the names of cues: they are taken out of what the displayer shows, and drawn. */
export function showPictures(displayer: Displayer, video: HTMLVideoElement, place: HTMLElement | null): void {
  const [append, remove] = [displayer.append.bind(displayer), displayer.remove.bind(displayer)]
  const destroy = displayer.destroy.bind(displayer)
  let titles: Title[] = []
  const painter = createPainter(place, () => {
    const { currentTime } = video
    const now = titles.findLast(({ cue }) => cue.startTime <= currentTime && currentTime < cue.endTime)
    if (now === undefined || !displayer.isTextVisible()) return null
    return drawPictures({ ...now.pictures, start: now.cue.startTime, isSquare: false }, video)
  })
  const keep = (next: Title[]) => {
    titles = next
    if (next.length === 0) painter.rest()
    else painter.run()
  }

  displayer.append = cues => {
    const read = cues.map(cue => ({ cue, pictures: readPictures(cue) }))
    const added = read.filter((title): title is Title => title.pictures !== null)
    if (added.length > 0) keep([...titles, ...added].sort((a, b) => a.cue.startTime - b.cue.startTime))
    append(read.filter(({ pictures }) => pictures === null).map(({ cue }) => cue))
  }
  displayer.remove = (start, end) => {
    // The same choice as the displayer makes.
    keep(titles.filter(({ cue }) => cue.startTime < start || cue.endTime >= end))
    return remove(start, end)
  }
  displayer.destroy = () => {
    keep([])
    return destroy()
  }
}
