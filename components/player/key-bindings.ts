import { isKeyCap, isPadButton } from './key-names'
import { type Binding, type KeyMode, keymap, type PlayerAction } from './keymap'

/** Keys somebody chose: for these actions in place of the usual ones. One of a keyboard or remote and one of a gamepad each. */
export type CustomKeys = Partial<Record<PlayerAction, readonly string[]>>

const modes = Object.keys(keymap) as KeyMode[]

/** Without these nobody would find out of a sheet again. */
const reserved = new Set([
  'Escape',
  'Enter',
  'Tab',
  'GoBack',
  'BrowserBack',
  'XF86Back',
  'Select',
  'Shift',
  'Control',
  'Alt',
  'Meta',
])
/** Ten keys each, that belong together. */
const fixed = new Set<PlayerAction>(['digit', 'percent'])

const normaliseKey = (key: string): string => (key.length === 1 ? key.toLowerCase() : key)

/** What is pressed beside Ctrl is the browser's. */
export const isFree = (key: string): boolean => !reserved.has(key) && !/^[0-9]$|^Ctrl\+/.test(key)

/** The bindings as they are now: a key that somebody gave to one action has left every other. */
export function bindingsOf(mode: KeyMode, custom: CustomKeys): readonly Binding[] {
  const given = new Set(keymap[mode].flatMap(({ action }) => custom[action] ?? []))
  return keymap[mode].map(binding => {
    const own = custom[binding.action] ?? []
    const [hasPad, hasKey] = [own.some(isPadButton), own.some(key => !isPadButton(key))]
    // Hardware keys that explain themselves, OK, and the arrows of a remote stay beside the one that was chosen.
    const stays = (key: string) => !isKeyCap(key) || !isFree(key) || (mode.endsWith('Remote') && key.startsWith('Arrow'))
    const usual = binding.keys.filter(key => !given.has(key) && (isPadButton(key) ? !hasPad : !hasKey || stays(key)))
    return { ...binding, keys: [...own, ...usual] }
  })
}

/** What a key means; with Shift held it means what it means without, where nothing else was made of that. */
export function findBinding(mode: KeyMode, key: string, custom: CustomKeys = {}): Binding | null {
  const bindings = bindingsOf(mode, custom)
  const find = (wanted: string) => bindings.find(binding => binding.keys.includes(wanted)) ?? null
  return find(normaliseKey(key)) ?? (key.startsWith('Shift+') ? find(key.slice('Shift+'.length)) : null)
}

export const findAction = (mode: KeyMode, key: string, custom: CustomKeys = {}): PlayerAction | null =>
  findBinding(mode, key, custom)?.action ?? null

/** Every action that can be given another key, in the order of the help page. */
export function listBindable(): Binding[] {
  const all = modes.flatMap(mode => keymap[mode]).filter(({ action, say }) => say !== undefined && !fixed.has(action))
  return [...new Map(all.map(binding => [binding.action, binding])).values()]
}

/** The keys of an action, now, in the first kind of picture that knows it. */
export function keysOf(action: PlayerAction, custom: CustomKeys): readonly string[] {
  const mode = modes.find(one => keymap[one].some(binding => binding.action === action))
  return mode === undefined ? [] : (bindingsOf(mode, custom).find(binding => binding.action === action)?.keys ?? [])
}

/** The action that would lose this key; null when none that can be met beside this one has it. */
export function findConflict(action: PlayerAction, key: string, custom: CustomKeys): PlayerAction | null {
  for (const mode of modes) {
    if (!keymap[mode].some(binding => binding.action === action)) continue
    const other = findAction(mode, key, custom)
    if (other !== null && other !== action) return other
  }
  return null
}

/** Gives the key to the action and takes it from whichever had it by choice. */
export function bindKey(custom: CustomKeys, action: PlayerAction, key: string): CustomKeys {
  const wanted = normaliseKey(key)
  const others = Object.entries(custom).map(([name, keys]) => [name, keys.filter(one => one !== wanted)] as const)
  const beside = (custom[action] ?? []).filter(key => isPadButton(key) !== isPadButton(wanted))
  return { ...Object.fromEntries(others.filter(([, keys]) => keys.length > 0)), [action]: [wanted, ...beside] }
}
