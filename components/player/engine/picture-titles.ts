import {
  PICTURE_TITLE_SECONDS,
  type Pictures,
  type PictureTitlePiece,
  type PictureTitleView,
  type PlaybackView,
} from '@/lib/playback/schema'
import type { ShownTitle, SideTrack } from './side-titles'
import { listSubtitles } from './track-labels'

/** Pieces that are kept: two minutes around the picture. */
const MAX_PIECES = 12
/** A piece that did not come is asked for again after this many ms. */
const AGAIN_MS = 5_000
/** No longer than a player can use it; ms. */
const DEADLINE_MS = 20_000

type Shown = PictureTitleView & Pick<PictureTitlePiece, 'isSquare'>

interface Piece {
  titles: readonly Shown[]
  /** When it may be asked for again; null once it is there. */
  again: number | null
}

/** The subtitles of a film that are pictures. `address` is the film's own as it is now, beside which their pieces lie. */
export function pictureTracks({ pictureTitles = [] }: PlaybackView, address: () => string): SideTrack[] {
  const facts = pictureTitles.map(({ language, title, isForced }) => ({
    ...{ language: canonical(language), label: title, kind: 'pictures' },
    ...{ forced: isForced, active: false },
  }))
  return listSubtitles(facts).map(({ label, language = '' }, index): SideTrack => {
    const name = pictureTitles[index]?.name ?? ''
    const find = createFinder(number => new URL(`${name}-${number}.json`, new URL(address(), window.location.href)).href)
    return {
      key: `pictures:${name}`,
      label,
      language,
      canShift: false,
      at: (seconds, video) => {
        const title = find(seconds, video)
        return title === null ? null : drawPictures(title, video)
      },
    }
  })
}

function canonical(language: string | null): string {
  try {
    return language === null ? '' : (Intl.getCanonicalLocales(language)[0] ?? language)
  } catch {
    return ''
  }
}

/** Fetches piece by piece, as far as the film itself has come, and finds in them what is shown at a moment. */
function createFinder(addressOf: (piece: number) => string) {
  const pieces = new Map<number, Piece>()
  let busy = false

  const load = async (number: number) => {
    busy = true
    try {
      const answer = await fetch(addressOf(number), { signal: AbortSignal.timeout(DEADLINE_MS) })
      if (!answer.ok) throw new Error(`answered ${answer.status}`)
      const { isSquare, titles } = (await answer.json()) as PictureTitlePiece
      pieces.set(number, { titles: titles.map(title => ({ ...title, isSquare })), again: null })
    } catch {
      pieces.set(number, { titles: [], again: performance.now() + AGAIN_MS })
    } finally {
      busy = false
    }
    for (const known of [...pieces.keys()].sort((a, b) => Math.abs(b - number) - Math.abs(a - number)))
      if (pieces.size > MAX_PIECES) pieces.delete(known)
  }
  const isMissing = (number: number) => {
    const known = pieces.get(number)
    return known === undefined || (known.again !== null && known.again < performance.now())
  }

  return (seconds: number, video: HTMLVideoElement): Shown | null => {
    const now = Math.max(0, Math.floor(seconds / PICTURE_TITLE_SECONDS))
    if (!busy) {
      // What is read now may have begun in the piece before.
      const ahead = Math.min(now + MAX_PIECES / 2, Math.floor(bufferedTo(video) / PICTURE_TITLE_SECONDS))
      const rest = Array.from({ length: Math.max(0, ahead - now) }, (_, index) => now + 1 + index)
      const wanted = [now, ...(now > 0 ? [now - 1] : []), ...rest].find(isMissing)
      if (wanted !== undefined) void load(wanted)
    }
    const last = [now - 1, now]
      .flatMap(number => pieces.get(number)?.titles ?? [])
      .reduce<Shown | null>(
        (newest, title) => (title.start <= seconds && title.start >= (newest?.start ?? 0) ? title : newest),
        null,
      )
    return last === null || last.images.length === 0 || (last.end !== null && seconds >= last.end) ? null : last
  }
}

function bufferedTo({ buffered, currentTime }: HTMLVideoElement): number {
  for (let at = 0; at < buffered.length; at++)
    if (buffered.start(at) <= currentTime && currentTime < buffered.end(at)) return buffered.end(at)
  return currentTime
}

const SVG = 'http://www.w3.org/2000/svg'

interface Drawn extends Pictures {
  start: number
  isSquare: boolean
}

/** Null while there is no picture that they could lie on. */
export function drawPictures(title: Drawn, video: HTMLVideoElement): ShownTitle | null {
  const { videoWidth: width, videoHeight: height } = video
  if (width === 0 || height === 0) return null
  const fit = getComputedStyle(video).objectFit === 'cover' ? 'slice' : 'meet'
  return { key: `${title.start}/${width}x${height}/${fit}`, build: () => drawImages(title, { width, height, fit }) }
}

/** A drawing is scaled by the browser just as the picture is, whatever becomes of the window. */
function drawImages(title: Drawn, { width, height, fit }: { width: number; height: number; fit: string }): HTMLElement {
  const layer = document.createElement('div')
  layer.dataset.sideTitles = 'pictures'
  const drawing = document.createElementNS(SVG, 'svg')
  drawing.setAttribute('viewBox', `0 0 ${width} ${height}`)
  drawing.setAttribute('preserveAspectRatio', `xMidYMid ${fit}`)
  const across = width / title.width
  const down = title.isSquare ? across : height / title.height
  // A disc counts places in a full screen, of which its film may be without the bars.
  const top = title.isSquare ? (height - title.height * down) / 2 : 0
  for (const { x, y, width: wide, height: high, png } of title.images) {
    const image = document.createElementNS(SVG, 'image')
    const place = { x: x * across, y: top + y * down, width: wide * across, height: high * down }
    for (const [name, value] of Object.entries(place)) image.setAttribute(name, String(value))
    image.setAttribute('preserveAspectRatio', 'none')
    image.setAttribute('href', `data:image/png;base64,${png}`)
    drawing.append(image)
  }
  layer.append(drawing)
  return layer
}
