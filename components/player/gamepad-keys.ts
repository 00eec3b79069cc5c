/** What is held down on a gamepad, as the keys they stand for (standard mapping). */
const buttons: Readonly<Record<number, string>> = {
  0: 'Select',
  1: 'Escape',
  2: ' ',
  3: 'i',
  4: 'PageDown',
  5: 'PageUp',
  6: 'MediaRewind',
  7: 'MediaFastForward',
  8: '?',
  9: 'ContextMenu',
  12: 'ArrowUp',
  13: 'ArrowDown',
  14: 'ArrowLeft',
  15: 'ArrowRight',
}

/** A stick counts as pushed beyond this part of its way. */
const PUSHED = 0.6
/** Ms until a direction that is held down repeats, and between repeats after that. */
const FIRST_REPEAT = 450
const NEXT_REPEAT = 130

interface PadState {
  buttons: readonly { pressed: boolean }[]
  axes: readonly number[]
}

export function readHeld({ buttons: pressed, axes }: PadState): Set<string> {
  const held = new Set(pressed.flatMap((button, at) => (button.pressed && buttons[at] ? [buttons[at]] : [])))
  const [x = 0, y = 0] = axes
  if (x < -PUSHED) held.add('ArrowLeft')
  if (x > PUSHED) held.add('ArrowRight')
  if (y < -PUSHED) held.add('ArrowUp')
  if (y > PUSHED) held.add('ArrowDown')
  return held
}

/** Answers the keys that are due now: each once when it goes down, arrows again while they stay down. */
export function createRepeater(): (held: ReadonlySet<string>, now: number) => string[] {
  const due = new Map<string, number>()
  return (held, now) => {
    for (const key of due.keys()) if (!held.has(key)) due.delete(key)
    return [...held].filter(key => {
      const at = due.get(key)
      if (at === undefined) due.set(key, now + FIRST_REPEAT)
      else if (now < at || !key.startsWith('Arrow')) return false
      else due.set(key, now + NEXT_REPEAT)
      return true
    })
  }
}
