/** "1:02:03", "4:05". */
export function sayPosition(seconds: number): string {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0))
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const shown = parts[0] === 0 ? parts.slice(1) : parts
  return shown.map((part, at) => (at === 0 ? String(part) : String(part).padStart(2, '0'))).join(':')
}

/** The same for a screen reader: "1 hour 2 minutes 3 seconds". */
export function speakPosition(seconds: number): string {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0))
  const parts = [
    [Math.floor(whole / 3600), 'hour'],
    [Math.floor(whole / 60) % 60, 'minute'],
    [whole % 60, 'second'],
  ] as const
  const said = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}${count === 1 ? '' : 's'}`)
  return said.join(' ') || 'the beginning'
}

/** How late a picture is: "1.4 s", "12 s", "4:05". */
export function sayLateness(seconds: number): string {
  const late = Math.max(0, seconds)
  if (late >= 60) return sayPosition(late)
  return late < 9.95 ? `${late.toFixed(1)} s` : `${Math.round(late)} s`
}
