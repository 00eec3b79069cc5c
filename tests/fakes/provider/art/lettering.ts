import type { Canvas, Colour } from './canvas.ts'
import { segmentDistance } from './canvas.ts'

/**
 * A stroke alphabet on a grid 4 wide and 6 high. A glyph is its width and its strokes; each pair of characters is a
 * point (x, y in 0-9, a-c = 10-12 half units), so curves are short chords softened by round pen ends.
 */
const GLYPHS: Record<string, string> = {
  A: '8 0c40 408c 1969',
  B: '7 0c00 0050 5062 6265 6556 5606 5667 677a 7a6c 6c0c',
  C: '8 8271 7150 5030 3011 1102 020a 0a1b 1b3c 3c5c 5c7b 7b8a',
  D: '8 0c00 0050 5071 7182 828a 8a7b 7b5c 5c0c',
  E: '6 6000 000c 0c6c 0656',
  F: '6 6000 000c 0656',
  G: '8 8271 7150 5030 3011 1102 020a 0a1b 1b3c 3c5c 5c7b 7b8a 8a87 8757',
  H: '7 000c 707c 0676',
  I: '0 000c',
  J: '5 505a 5a4b 4b2c 2c1c 1c0b',
  K: '7 000c 7007 257c',
  L: '6 000c 0c6c',
  M: '9 0c00 0048 4880 808c',
  N: '8 0c00 008c 8c80',
  O: '9 3060 6081 8193 9399 998b 8b6c 6c3c 3c1b 1b09 0903 0311 1130',
  P: '7 0c00 0050 5061 6172 7275 7566 6657 5707',
  Q: '9 3060 6081 8193 9399 998b 8b6c 6c3c 3c1b 1b09 0903 0311 1130 698c',
  R: '7 0c00 0050 5061 6172 7275 7566 6656 5606 467c',
  S: '7 7261 6140 4030 3011 1102 0204 0415 1556 5667 6779 797a 7a6b 6b4c 4c3c 3c1b 1b0a',
  T: '8 0080 404c',
  U: '8 0009 091b 1b3c 3c5c 5c7b 7b89 8980',
  V: '8 004c 4c80',
  W: 'b 003c 3c62 629c 9cc0',
  X: '8 008c 800c',
  Y: '8 0046 8046 464c',
  Z: '8 0080 800c 0c8c',
  '0': '7 2050 5071 7173 7379 797b 7b5c 5c2c 2c0b 0b09 0903 0301 0120',
  '1': '3 0230 303c',
  '2': '7 0211 1120 2050 5061 6172 7274 7465 650c 0c7c',
  '3': '7 0070 7035 3555 5566 6677 777a 7a6b 6b4c 4c2c 2c1b 1b0a',
  '4': '8 606c 6009 0989',
  '5': '7 7010 1005 0544 4454 5465 6576 767a 7a6b 6b4c 4c2c 2c1b 1b0a',
  '6': '7 6020 2011 1103 0309 090a 0a1b 1b3c 3c5c 5c6b 6b7a 7a78 7867 6756 5626 2608',
  '7': '7 0070 702c',
  '8': '7 2050 5061 6172 7274 7465 6556 5626 2615 1504 0402 0211 1120 5667 6778 787a 7a6b 6b5c 5c2c 2c1b 1b0a 0a08 0817 1726',
  '9': '7 7464 7466 6656 5626 2615 1504 0402 0211 1120 2050 5061 6172 7278 786a 6a3c',
  '-': '4 0747',
  '.': '0 0c0c',
  ',': '1 1c0c',
  "'": '0 0002',
  ':': '0 0404 0c0c',
  '&': '8 8c21 2130 3050 5061 6163 6308 080a 0a1b 1b2c 2c5c 5c88',
  '+': '6 3739 3363 3639 0666',
  '!': '0 0008 0c0c',
}

const WORD_SPACE = 4.5

const unit = (char: string | undefined) => Number.parseInt(char ?? '0', 16)

interface Glyph {
  width: number
  strokes: [number, number, number, number][]
}

const glyphs = new Map<string, Glyph>(
  Object.entries(GLYPHS).map(([letter, text]) => {
    const [width, ...strokes] = text.split(' ')
    const points = strokes.map((s): [number, number, number, number] => [unit(s[0]), unit(s[1]), unit(s[2]), unit(s[3])])
    return [letter, { width: unit(width), strokes: points }]
  }),
)

const plain = (text: string) =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toUpperCase()

/** Width of a line in pixels for a cap height; `tracking` is extra space in grid units. */
export function lineWidth(text: string, height: number, tracking: number): number {
  const widths = [...plain(text)].map(letter => (letter === ' ' ? WORD_SPACE : (glyphs.get(letter)?.width ?? 0) + 3 + tracking))
  return ((widths.reduce((a, b) => a + b, 0) - 3 - tracking) * height) / 12
}

export interface Lettering {
  x: number
  y: number
  height: number
  weight: number
  colour: Colour
  alpha?: number
  tracking?: number
}

/** Draws one line of capitals with (x, y) as the top left corner of the cap height. */
export function drawLine(canvas: Canvas, text: string, style: Lettering): void {
  const scale = style.height / 12
  const { tracking = 0, alpha = 1, weight, colour } = style
  let x = style.x
  for (const letter of plain(text)) {
    const glyph = glyphs.get(letter)
    if (glyph && glyph.strokes.length > 0) {
      const distances = glyph.strokes.map(([ax, ay, bx, by]) =>
        segmentDistance(x + ax * scale, style.y + ay * scale, x + bx * scale, style.y + by * scale, weight / 2),
      )
      const box: [number, number, number, number] = [
        x - weight,
        style.y - weight,
        x + glyph.width * scale + weight,
        style.y + style.height + weight,
      ]
      canvas.shape(box, (px, py) => nearest(distances, px, py), colour, alpha)
    }
    x += letter === ' ' ? WORD_SPACE * scale : ((glyph?.width ?? 0) + 3 + tracking) * scale
  }
}

function nearest(distances: ((x: number, y: number) => number)[], x: number, y: number): number {
  let least = Number.POSITIVE_INFINITY
  for (const distance of distances) least = Math.min(least, distance(x, y))
  return least
}

/** Breaks a title into lines of similar length, at most `most` of them. */
export function breakTitle(title: string, most: number): string[] {
  const words = title.split(/\s+/)
  const target = Math.max(
    ...words.map(w => w.length),
    Math.ceil(title.length / Math.min(most, Math.max(1, Math.round(title.length / 9)))),
  )
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last !== undefined && `${last} ${word}`.length <= target + 1) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
