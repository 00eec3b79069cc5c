import { Canvas, mix, reach } from './canvas.ts'
import { breakTitle, drawLine, lineWidth } from './lettering.ts'
import { hash, pick, seededRandom } from './random.ts'
import type { Palette } from './scenes.ts'
import { palettes, scenes } from './scenes.ts'

const BY_GENRE: Record<string, string[]> = {
  Drama: ['mountains', 'ocean', 'circles'],
  Comedy: ['rays', 'circles'],
  Action: ['road', 'city'],
  Thriller: ['city', 'road', 'forest'],
  'Sci-Fi': ['space'],
  Adventure: ['desert', 'mountains', 'ocean'],
  Family: ['rays', 'forest'],
  Documentary: ['circles', 'ocean', 'desert'],
  Horror: ['forest'],
  Romance: ['ocean', 'circles'],
  Crime: ['city'],
  News: ['city'],
}

function paint(canvas: Canvas, seed: string, scene: string | undefined): Palette {
  const colours = pick(palettes, hash(`${seed} colours`))
  const draw = scenes[scene ?? ''] ?? scenes.mountains
  draw?.(canvas, colours, seededRandom(seed))
  return colours
}

const sceneFor = (genre: string, seed: string) => pick(BY_GENRE[genre] ?? Object.keys(scenes), hash(seed))

function drawTitle(canvas: Canvas, title: string, colours: Palette): void {
  const lines = breakTitle(title, 4)
  const room = canvas.width * 0.84
  const widest = Math.max(...lines.map(line => lineWidth(line, 12, 0.4)))
  const height = Math.min(38, (room / widest) * 12)
  const step = height * 1.42
  let y = canvas.height * 0.9 - step * lines.length
  for (const line of lines) {
    const x = (canvas.width - lineWidth(line, height, 0.4)) / 2
    drawLine(canvas, line, { x, y, height, weight: height * 0.17, colour: colours.light, tracking: 0.4 })
    y += step
  }
}

export function drawPoster(seed: string, title: string, genre: string, footer: string): Buffer {
  const canvas = new Canvas(300, 450)
  const colours = paint(canvas, seed, sceneFor(genre, seed))
  canvas.shade(0.5, colours.dark, 0.88)
  drawTitle(canvas, title, colours)
  const width = lineWidth(footer, 8, 3)
  drawLine(canvas, footer, {
    x: (300 - width) / 2,
    y: 423,
    height: 8,
    weight: 1.3,
    colour: colours.light,
    alpha: 0.75,
    tracking: 3,
  })
  return canvas.png()
}

export function drawBackdrop(seed: string, genre: string): Buffer {
  const canvas = new Canvas(960, 540)
  const colours = paint(canvas, seed, sceneFor(genre, seed))
  canvas.shade(0.7, colours.dark, 0.4)
  return canvas.png()
}

export function drawPanorama(scene: string, seed: string): Buffer {
  const canvas = new Canvas(1280, 360)
  paint(canvas, seed, scene)
  return canvas.png()
}

/** Up to three letters that stand for a channel: its number, or the first letters of its words. */
function monogram(name: string): string {
  const words = name
    .replace(/\b(HD|4K|TV|UHD|FHD)\b/g, '')
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .match(/[A-Za-z0-9]+/g) ?? ['TV']
  const last = words.at(-1) ?? ''
  if (/^\d+$/.test(last) && words.length > 1) return `${words[0]?.[0] ?? ''}${last}`
  return words.length === 1
    ? (words[0] ?? '').slice(0, 2)
    : words
        .map(w => w[0])
        .join('')
        .slice(0, 3)
}

function roundedTile(canvas: Canvas, colours: Palette, seed: string): void {
  const size = canvas.width
  const tile = (x: number, y: number) => {
    const dx = Math.abs(x - size / 2) - size * 0.26
    const dy = Math.abs(y - size / 2) - size * 0.26
    return reach(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(0, Math.max(dx, dy)) - size * 0.22
  }
  const random = seededRandom(`${seed} tile`)
  for (let i = 0; i < 32; i++) {
    const c = mix(colours.top, colours.middle, i / 31)
    canvas.shape([0, (i * size) / 32, size, ((i + 1) * size) / 32], tile, c)
  }
  const kind = Math.floor(random() * 4)
  const cx = size * (0.75 + random() * 0.1)
  const cy = size * (0.2 + random() * 0.1)
  const r = size * (0.34 + random() * 0.14)
  const motif = [
    (x: number, y: number) => reach(x - cx, y - cy) - r,
    (x: number, y: number) => Math.abs(reach(x - cx, y - cy) - r) - size * 0.07,
    (x: number, y: number) => (size * 1.25 - x - y) * 0.7,
    (x: number, y: number) => Math.abs(x - y + size * 0.34) * 0.7 - size * 0.09,
  ][kind]
  if (motif) canvas.shape([0, 0, size, size], (x, y) => Math.max(tile(x, y), motif(x, y)), colours.low, 0.75)
}

export function drawLogo(seed: string, name: string): Buffer {
  const canvas = new Canvas(160, 160)
  const colours = pick(palettes, hash(`${seed} colours`))
  roundedTile(canvas, colours, seed)
  const text = monogram(name)
  const height = Math.min(58, (104 / lineWidth(text, 12, 0)) * 12)
  const x = (160 - lineWidth(text, height, 0)) / 2
  const y = (160 - height) / 2
  drawLine(canvas, text, { x: x + 2, y: y + 3, height, weight: height * 0.2, colour: colours.dark, alpha: 0.4 })
  drawLine(canvas, text, { x, y, height, weight: height * 0.2, colour: [255, 255, 255] })
  return canvas.png()
}
