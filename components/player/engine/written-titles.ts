import type { Cue } from '@/lib/kernel/cue'
import type { SideTrack } from './side-titles'

/** Lines of text on the picture at once. */
const MAX_AT_ONCE = 6

/** Lines of a file, each drawn where its settings say. */
export function writtenTrack(name: string, cues: readonly Cue[]): SideTrack {
  return {
    key: `file:${name}`,
    label: name,
    language: '',
    canShift: true,
    at: seconds => {
      const now = cues.filter(({ start, end }) => start <= seconds && seconds < end).slice(0, MAX_AT_ONCE)
      if (now.length === 0) return null
      return { key: now.map(cue => cues.indexOf(cue)).join(), build: () => drawLines(now) }
    },
  }
}

function drawLines(cues: readonly Cue[]): HTMLElement {
  const layer = document.createElement('div')
  layer.dataset.sideTitles = ''
  const usual = document.createElement('div')
  for (const cue of cues) {
    const line = document.createElement('p')
    const words = document.createElement('span')
    words.className = 'player-caption-words'
    // The browser's own reader of such markup, which makes nothing but harmless elements.
    words.append(new VTTCue(0, 1, cue.text).getCueAsHTML())
    line.append(words)
    const isPlaced = placeLine(line, cue.settings)
    ;(isPlaced ? layer : usual).append(line)
  }
  layer.append(usual)
  return layer
}

/** Answers false for a line that stands where all stand. */
function placeLine(line: HTMLElement, settings: string): boolean {
  const [, top] = /\bline:(\d+(?:\.\d+)?)%/.exec(settings) ?? []
  const [, left] = /\bposition:(\d+(?:\.\d+)?)%/.exec(settings) ?? []
  const [, align = 'center'] = /\balign:(left|right|start|end)/.exec(settings) ?? []
  line.style.textAlign = align
  if (top === undefined) return false
  line.style.top = `${top}%`
  // What is placed low grows upwards, or it would leave the picture.
  if (Number(top) > 60) Object.assign(line.style, { top: 'auto', bottom: `${Math.max(2, 100 - Number(top) - 5)}%` })
  if (left === undefined) return true
  const back = align === 'left' || align === 'start' ? 0 : align === 'center' ? -50 : -100
  Object.assign(line.style, { left: `${left}%`, right: 'auto', width: 'max-content', maxWidth: '88%' })
  line.style.transform = `translateX(${back}%)`
  return true
}
