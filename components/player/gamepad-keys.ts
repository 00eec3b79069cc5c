/** Five keys that everything on the screen knows (standard mapping). Every other button is a key of its own, `Pad4`, for the key map. */
const buttons: Readonly<Record<number, string>> = {
  0: 'Select',
  1: 'Escape',
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
  const held = new Set(pressed.flatMap((button, at) => (button.pressed ? [buttons[at] ?? `Pad${at}`] : [])))
  const [x = 0, y = 0] = axes
  if (x < -PUSHED) held.add('ArrowLeft')
  if (x > PUSHED) held.add('ArrowRight')
  if (y < -PUSHED) held.add('ArrowUp')
  if (y > PUSHED) held.add('ArrowDown')
  return held
}

export interface PadPresses {
  /** Each once when it goes down, arrows again while they stay down. */
  down: { key: string; repeat: boolean }[]
  up: string[]
}

/** Turns what is held at each look into presses. */
export function createRepeater(): (held: ReadonlySet<string>, now: number) => PadPresses {
  const due = new Map<string, number>()
  return (held, now) => {
    const up = [...due.keys()].filter(key => !held.has(key))
    for (const key of up) due.delete(key)
    const down = [...held].flatMap(key => {
      const at = due.get(key)
      if (at !== undefined && (now < at || !key.startsWith('Arrow'))) return []
      due.set(key, now + (at === undefined ? FIRST_REPEAT : NEXT_REPEAT))
      return [{ key, repeat: at !== undefined }]
    })
    return { down, up }
  }
}
