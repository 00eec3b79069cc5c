/** A hue from 0 to 359 that is always the same for a name. */
function hueOf(name: string): number {
  let hash = 2_166_136_261
  for (const letter of name.toLowerCase()) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16_777_619)
  return (hash >>> 0) % 360
}

/** Two letters that stand for a name: first letters of its first two words, quality marks left out. */
export function initialsOf(name: string): string {
  const words = name
    .replace(/\b(?:[fu]?hd|sd|4k|8k|hevc|h\.?26[45]|raw)\b/gi, ' ')
    .split(/[^\p{L}\p{N}+]+/u)
    .filter(Boolean)
  const [first = name.trim() || '?', second] = words
  const letters = second ? [...first].slice(0, 1).concat([...second].slice(0, 1)) : [...first].slice(0, 2)
  return letters.join('').toUpperCase()
}

/** A dark gradient from the name: white type on it always meets AA. */
export function gradientOf(name: string): string {
  const hue = hueOf(name)
  return `radial-gradient(120% 90% at 15% 0%, oklch(0.5 0.11 ${hue}), transparent 60%), linear-gradient(155deg, oklch(0.42 0.09 ${hue}), oklch(0.2 0.05 ${(hue + 50) % 360}))`
}

export function plainColorOf(name: string): string {
  return `oklch(0.4 0.085 ${hueOf(name)})`
}
