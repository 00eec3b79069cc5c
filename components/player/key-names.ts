import type { Binding } from './keymap'

const keyNames: Readonly<Record<string, string>> = {
  ' ': 'Space',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  PageUp: 'Page ↑',
  PageDown: 'Page ↓',
  Escape: 'Esc',
  Backspace: '⌫',
  Enter: 'Enter',
  Home: 'Home',
}

/** What stands on the buttons of most gamepads (standard mapping). */
const padNames: Readonly<Record<string, string>> = {
  Pad2: 'X',
  Pad3: 'Y',
  Pad4: 'LB',
  Pad5: 'RB',
  Pad6: 'LT',
  Pad7: 'RT',
  Pad8: 'View',
  Pad9: 'Menu',
  Pad10: 'Left stick',
  Pad11: 'Right stick',
  Pad16: 'Home',
}

/** A button of a gamepad, as against a key. */
export const isPadButton = (key: string): boolean => /^Pad\d+$/.test(key)

/** A key of a keyboard, as against a button of a remote or a gamepad. */
export const isKeyCap = (key: string): boolean => {
  const bare = key.replace(/^(Ctrl|Shift)\+/, '')
  return bare.length === 1 || bare in keyNames
}

/** What stands on one key cap or button; empty for a button of a remote, which explains itself. */
export function nameKey(key: string): string {
  if (isPadButton(key)) return `Pad ${padNames[key] ?? key.slice(3)}`
  const held = /^(Ctrl|Shift)\+(.+)$/.exec(key)
  if (held?.[1] && held[2]) return `${held[1]} ${nameKey(held[2])}`
  return keyNames[key] ?? (key.length === 1 ? key.toUpperCase() : '')
}

const isDigit = (key: string) => /^\d$/.test(key)

/** Key caps for the help page: what a keyboard has, ten digits as one, and the buttons of a gamepad where there is one. */
export function nameKeys({ keys }: Pick<Binding, 'keys'>, withPad = false): string[] {
  if (keys.length === 10 && keys.every(isDigit)) return ['0 … 9']
  return keys
    .filter(key => withPad || !isPadButton(key))
    .map(nameKey)
    .filter(name => name !== '')
}
