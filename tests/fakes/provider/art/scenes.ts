import type { Canvas, Colour } from './canvas.ts'
import { hex, mix, reach } from './canvas.ts'
import type { Random } from './random.ts'

export interface Palette {
  top: Colour
  middle: Colour
  low: Colour
  light: Colour
  dark: Colour
}

const palette = (top: string, middle: string, low: string, light: string, dark: string): Palette => ({
  top: hex(top),
  middle: hex(middle),
  low: hex(low),
  light: hex(light),
  dark: hex(dark),
})

export const palettes: Palette[] = [
  palette('1b1035', '7a2e6e', 'ff8e5e', 'ffe0a3', '140a26'),
  palette('0b1f3a', '1f5f8b', '8fd0d6', 'fff4d6', '06142a'),
  palette('2b0f1e', 'a3263a', 'f4a259', 'ffe8c2', '19070f'),
  palette('0e2a2b', '2f7f6d', 'd9e6a2', 'fff7d1', '071a1b'),
  palette('10122b', '3b3fa3', 'e07bb5', 'ffd9ec', '090a1c'),
  palette('23303f', '6f8a9b', 'efd9b4', 'fffaf0', '141d27'),
  palette('3a1d0a', 'c4641e', 'ffd07a', 'fff1cf', '201004'),
  palette('06202e', '0d7377', '7ee0b8', 'f2ffe9', '03131c'),
  palette('1f1147', '6a1b9a', 'ff6f91', 'ffe3d8', '120a2b'),
  palette('1c1c1e', '5c4b51', 'f2c0a2', 'fff3e6', '101011'),
]

type Scene = (canvas: Canvas, p: Palette, random: Random) => void

function wave(random: Random, width: number, height: number, base: number, swing: number): (x: number) => number {
  const parts = [1, 2.3, 4.7, 9.1].map((f, i) => ({
    f: (f * Math.PI * 2 * (0.7 + random() * 0.6)) / width,
    a: swing / (1 + i * 1.3),
    o: random() * 9,
  }))
  return x => (base + parts.reduce((sum, { f, a, o }) => sum + Math.sin(x * f + o) * a, 0)) * height
}

/** Water: one long swell with a faint second one, so that crests stay round at any width. */
function swell(random: Random, height: number, base: number, swing: number): (x: number) => number {
  const length = height * (0.16 + swing * 9)
  const offset = random() * 9
  return x =>
    (base + Math.sin((x / length) * Math.PI * 2 + offset) * swing + Math.sin((x / length) * 2.3 + offset * 2) * swing * 0.6) *
    height
}

function peaks(random: Random, width: number, height: number, base: number, swing: number, count: number): (x: number) => number {
  const at = Array.from({ length: count + 2 }, (_, i) => ({
    x: ((i - 0.5 + (random() - 0.5) * 0.6) * width) / count,
    y: base - (i % 2 ? swing : swing * 0.15) * (0.5 + random() * 0.6),
  }))
  return x => {
    const right = Math.max(
      1,
      at.findIndex(p => p.x >= x),
    )
    const a = at[right - 1] ?? { x: 0, y: base }
    const b = at[right] ?? { x: width, y: base }
    return (a.y + (b.y - a.y) * Math.min(1, Math.max(0, (x - a.x) / (b.x - a.x || 1)))) * height
  }
}

function stars(canvas: Canvas, random: Random, count: number, below: number, colour: Colour): void {
  for (let i = 0; i < count; i++) {
    canvas.disc(
      random() * canvas.width,
      random() * canvas.height * below,
      0.5 + random() * random() * 1.6,
      colour,
      0.35 + random() * 0.6,
    )
  }
}

function sun(canvas: Canvas, p: Palette, x: number, y: number, size: number): void {
  const r = Math.min(canvas.width, canvas.height) * size
  canvas.glow(x * canvas.width, y * canvas.height, r * 2.6, p.light, 0.35)
  canvas.disc(x * canvas.width, y * canvas.height, r, p.light, 0.96)
}

const mountains: Scene = (canvas, p, random) => {
  const { width: w, height: h } = canvas
  canvas.sky([
    [0, p.top],
    [0.45, p.middle],
    [0.8, p.low],
    [1, p.low],
  ])
  sun(canvas, p, 0.3 + random() * 0.4, 0.34 + random() * 0.12, 0.15)
  const count = 3 + Math.round(w / h)
  for (let i = 0; i < 4; i++) {
    const c = mix(mix(p.middle, p.low, 0.45), p.dark, i / 3)
    canvas.ridge(peaks(random, w, h, 0.56 + i * 0.11, 0.2 - i * 0.02, count + i * 2), c, mix(c, p.low, 0.22 * (1 - i / 3)))
  }
}

const ocean: Scene = (canvas, p, random) => {
  const { width: w, height: h } = canvas
  canvas.sky([
    [0, p.top],
    [0.5, p.middle],
    [0.62, p.low],
    [1, p.low],
  ])
  const x = 0.35 + random() * 0.3
  sun(canvas, p, x, 0.42, 0.17)
  for (let i = 0; i < 7; i++) {
    const c = mix(mix(p.low, p.middle, 0.6), p.dark, i / 6)
    canvas.ridge(swell(random, h, 0.58 + i * 0.065, 0.006 + i * 0.0016), c)
  }
  for (let i = 0; i < 12; i++) {
    const y = (0.59 + i * 0.022) * h
    const half = w * (0.02 + random() * 0.07) * (h / Math.max(w, h))
    canvas.line(x * w - half, y, x * w + half, y, 1.6, p.light, 0.5 - i * 0.032)
  }
}

const city: Scene = (canvas, p, random) => {
  const { width: w, height: h } = canvas
  canvas.sky([
    [0, p.top],
    [0.5, p.middle],
    [0.85, p.low],
    [1, p.low],
  ])
  stars(canvas, random, Math.round(w / 7), 0.4, p.light)
  sun(canvas, p, 0.2 + random() * 0.6, 0.24, 0.1)
  for (let layer = 0; layer < 3; layer++) {
    const c = mix(mix(p.middle, p.low, 0.3), p.dark, layer / 2)
    let x = -random() * 30
    while (x < w) {
      const bw = h * (0.045 + random() * 0.06)
      const top = h * (0.42 + layer * 0.13 + random() * 0.2)
      canvas.shape([x, top, x + bw, h], (px, py) => Math.max(x - px, px - x - bw, top - py), c)
      if (random() > 0.7) canvas.line(x + bw / 2, top - h * 0.05, x + bw / 2, top, 1.5, c)
      windows(canvas, random, { x, top, bw, bottom: h }, layer === 0 ? 0.12 : 0.3, p.light)
      x += bw + (random() > 0.75 ? 6 : 1)
    }
  }
}

function windows(
  canvas: Canvas,
  random: Random,
  b: { x: number; top: number; bw: number; bottom: number },
  lit: number,
  colour: Colour,
): void {
  for (let y = b.top + 7; y < b.bottom - 6; y += 9) {
    for (let x = b.x + 4; x < b.x + b.bw - 5; x += 7) {
      if (random() > lit) continue
      canvas.shape([x, y, x + 3, y + 4], () => -1, colour, 0.4 + random() * 0.5)
    }
  }
}

const space: Scene = (canvas, p, random) => {
  const { width: w, height: h } = canvas
  canvas.sky([
    [0, p.dark],
    [0.6, mix(p.dark, p.top, 0.8)],
    [1, mix(p.top, p.middle, 0.5)],
  ])
  canvas.glow(w * random(), h * 0.7, h * 0.7, p.middle, 0.45)
  stars(canvas, random, Math.round((w * h) / 1100), 1, p.light)
  const r = Math.min(w, h) * (0.26 + random() * 0.08)
  const cx = w * (0.4 + random() * 0.2)
  const cy = h * 0.38
  canvas.glow(cx, cy, r * 1.7, p.low, 0.4)
  const box: [number, number, number, number] = [cx - r - 1, cy - r - 1, cx + r + 1, cy + r + 1]
  const globe = (x: number, y: number) => reach(x - cx, y - cy) - r
  canvas.shape(box, globe, p.low)
  for (let i = 0; i < 5; i++) {
    const band = cy - r + (i + 0.6) * r * 0.4
    canvas.shape(
      [cx - r - 1, band - r * 0.08 - 6, cx + r + 1, band + r * 0.08 + 6],
      (x, y) => Math.max(globe(x, y), Math.abs(y - band - Math.sin(x / r) * 5) - r * 0.08),
      p.middle,
      0.45,
    )
  }
  canvas.shape(box, (x, y) => Math.max(globe(x, y), r * 0.98 - reach(x - cx + r * 0.42, y - cy + r * 0.34)), p.dark, 0.55)
  const ring = (x: number, y: number) => Math.abs(reach((x - cx) / 1.75, (y - cy) * 2.9 + (x - cx) * 0.55) - r) - r * 0.06
  canvas.shape(
    [cx - r * 2, cy - r * 1.2, cx + r * 2, cy + r * 1.2],
    (x, y) => (y < cy - (x - cx) * 0.19 ? Math.max(ring(x, y), -globe(x, y)) : ring(x, y)),
    p.light,
    0.85,
  )
}

const desert: Scene = (canvas, p, random) => {
  const { width: w, height: h } = canvas
  canvas.sky([
    [0, p.middle],
    [0.55, p.low],
    [1, p.light],
  ])
  sun(canvas, p, 0.25 + random() * 0.5, 0.3, 0.19)
  for (let i = 0; i < 5; i++) {
    const c = mix(p.low, i % 2 ? p.dark : p.middle, 0.3 + i * 0.15)
    canvas.ridge(wave(random, w * 1.4, h, 0.55 + i * 0.1, 0.045), c, mix(c, p.dark, 0.5))
  }
}

const forest: Scene = (canvas, p, random) => {
  const { width: w, height: h } = canvas
  canvas.sky([
    [0, p.top],
    [0.35, p.middle],
    [0.7, p.low],
    [1, p.light],
  ])
  sun(canvas, p, 0.3 + random() * 0.4, 0.3, 0.13)
  for (let layer = 0; layer < 4; layer++) {
    const c = mix(mix(p.middle, p.low, 0.4), p.dark, layer / 3)
    const ground = wave(random, w, h, 0.66 + layer * 0.1, 0.03)
    canvas.ridge(ground, c)
    const size = h * (0.1 + layer * 0.05)
    for (let x = -size; x < w + size; x += size * (0.24 + random() * 0.3))
      pine(canvas, x, ground(x) + 4, size * (0.7 + random() * 0.6), c)
  }
}

function pine(canvas: Canvas, x: number, foot: number, size: number, c: Colour): void {
  for (let i = 0; i < 3; i++) {
    const top = foot - size + i * size * 0.24
    const bottom = top + size * 0.5
    const half = size * (0.13 + i * 0.045)
    canvas.shape([x - half, top, x + half, bottom], (px, py) => Math.abs(px - x) - (half * (py - top)) / (bottom - top), c)
  }
}

const rays: Scene = (canvas, p, random) => {
  const { width: w, height: h } = canvas
  canvas.sky([
    [0, p.middle],
    [1, mix(p.middle, p.low, 0.7)],
  ])
  const cx = w * 0.5
  const cy = h * 0.42
  const turn = random() * 3
  canvas.shape(
    [0, 0, w, h],
    (x, y) => Math.sin(Math.atan2(y - cy, x - cx) * 12 + turn) * reach(x - cx, y - cy) * 0.08,
    p.low,
    0.85,
  )
  const r = Math.min(w, h) * 0.27
  canvas.disc(cx, cy, r * 1.18, p.dark, 0.9)
  canvas.disc(cx, cy, r, p.light)
  canvas.disc(cx + r * (random() - 0.5), cy + r * 0.1, r * 0.62, p.middle)
  canvas.disc(cx + r * 0.3, cy - r * 0.25, r * 0.22, p.low)
}

const circles: Scene = (canvas, p, random) => {
  const { width: w, height: h } = canvas
  canvas.sky([
    [0, p.dark],
    [1, p.top],
  ])
  const cx = w * (0.35 + random() * 0.3)
  const cy = h * (0.35 + random() * 0.1)
  const r = Math.min(w, h) * 0.62
  for (let i = 0; i < 7; i++)
    canvas.disc(
      cx + i * r * 0.03,
      cy + i * r * 0.05,
      r * (1 - i * 0.135),
      mix(mix(p.top, p.middle, i / 3), p.low, Math.max(0, (i - 2) / 4)),
    )
  canvas.disc(cx + r * 0.21, cy + r * 0.35, r * 0.1, p.light)
}

const road: Scene = (canvas, p, random) => {
  const { width: w, height: h } = canvas
  canvas.sky([
    [0, p.top],
    [0.35, p.middle],
    [0.58, p.low],
    [1, p.low],
  ])
  sun(canvas, p, 0.5, 0.44, 0.2)
  canvas.ridge(peaks(random, w, h, 0.58, 0.12, 6), mix(p.middle, p.dark, 0.55))
  canvas.ridge(() => h * 0.58, mix(p.dark, p.middle, 0.25), p.dark)
  const middle = w / 2
  const spread = (y: number) => ((y - h * 0.58) / (h * 0.42)) * Math.min(w, h) * 0.62
  canvas.shape([0, h * 0.58, w, h], (x, y) => Math.abs(x - middle) - spread(y), mix(p.dark, p.top, 0.5))
  canvas.shape([0, h * 0.58, w, h], (x, y) => Math.abs(Math.abs(x - middle) - spread(y) * 0.94) - spread(y) * 0.018, p.light, 0.8)
  const dash = (y: number) => Math.sin(26 / ((y - h * 0.55) / h + 0.04)) * 4
  canvas.shape([0, h * 0.58, w, h], (x, y) => Math.max(Math.abs(x - middle) - spread(y) * 0.03, dash(y)), p.light, 0.95)
}

export const scenes: Record<string, Scene> = { mountains, ocean, city, space, desert, forest, rays, circles, road }
