'use client'

import { type RefObject, useEffect, useEffectEvent } from 'react'
import { findNext, focusOn } from '@/components/shell/spatial-navigation'
import { type CustomKeys, findBinding } from './key-bindings'
import type { KeyMode, PlayerAction } from './keymap'
import { readKey } from './read-key'
import { type Hold, useHold } from './use-hold'

type Direction = 'up' | 'down' | 'left' | 'right'

const directions: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
}

interface KeyTarget {
  root: RefObject<HTMLElement | null>
  mode: KeyMode
  custom: CustomKeys
  /** False while the keys belong to another page. */
  enabled: boolean
  /** True while a sheet lies over the picture and has the arrows to itself. */
  layered: boolean
  run: (action: PlayerAction, key: string) => void
  /** OK was held on the row of a channel. */
  onOptions: (channelId: number) => void
  onAnyKey: () => void
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type !== 'range' && target.type !== 'radio'
}

/** Where arrows move the focus: the open sheet, or the controls while one of them has it. */
function findScope(root: HTMLElement | null): HTMLElement | null {
  const layer = root?.querySelector<HTMLElement>('[data-player-layer]')
  if (layer) return layer
  const active = document.activeElement
  return active?.closest<HTMLElement>('[data-player-controls]') ? root : null
}

const LINE = 72

function moveFocus(scope: HTMLElement, direction: Direction): boolean {
  const active = document.activeElement
  const text = scope.querySelector<HTMLElement>('[data-sheet-body][tabindex]')
  if (text && (direction === 'up' || direction === 'down')) text.scrollBy({ top: direction === 'up' ? -LINE : LINE })
  if (!(active instanceof HTMLElement) || !scope.contains(active)) return false
  const next = findNext(active, direction, scope)
  if (next) focusOn(next)
  return next !== null
}

/** Arrows inside a sheet or the controls. True when the key has done its work there. */
function steer(event: KeyboardEvent, root: HTMLElement | null): boolean {
  const direction = event.shiftKey ? undefined : directions[event.key]
  const scope = direction ? findScope(root) : null
  if (!direction || !scope) return false
  if (isTyping(event.target) && (direction === 'left' || direction === 'right')) return true
  event.preventDefault()
  const moved = moveFocus(scope, direction)
  // Up out of the controls gives the arrows back to the picture.
  if (!moved && direction === 'up' && !scope.matches('[data-player-layer]') && document.activeElement instanceof HTMLElement)
    document.activeElement.blur()
  return true
}

/** Enter and Space belong to the button that has the focus. */
function pressesButton(event: KeyboardEvent): boolean {
  const active = document.activeElement
  return (
    (event.key === 'Enter' || event.key === ' ' || event.key === 'Select') &&
    active instanceof HTMLElement &&
    active.matches('button, a[href], input')
  )
}

const layerActions: ReadonlySet<PlayerAction> = new Set([
  'back',
  'toggle',
  'mute',
  'fullScreen',
  'help',
  'channelUp',
  'channelDown',
  'settings',
  'statistics',
  'search',
])

/** OK on a channel of a list changes to it; held down, it is for more of that channel. */
function holdRow(key: string, hold: Hold, onOptions: KeyTarget['onOptions']): boolean {
  const row = document.activeElement?.closest<HTMLElement>('[data-channel-options]')
  if (!row || (key !== 'Enter' && key !== 'Select')) return false
  hold.press(key, { short: () => row.click(), long: () => onOptions(Number(row.dataset.channelOptions)) })
  return true
}

/** Presses the button that has the focus, where no browser does: OK of a gamepad. */
function pressFocused(event: KeyboardEvent): void {
  if (event.key === 'Select' && document.activeElement instanceof HTMLElement) document.activeElement.click()
}

/** The one keyboard listener of the player. */
export function usePlayerKeys({ root, mode, custom, enabled, layered, run, onOptions, onAnyKey }: KeyTarget): void {
  const hold = useHold()
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!enabled || event.defaultPrevented || event.altKey) return
    const key = readKey(event)
    const binding = findBinding(mode, key, custom)
    if (binding === null && (event.ctrlKey || event.metaKey)) return
    const action = binding?.action ?? null
    if (action !== 'back') onAnyKey()
    if (isTyping(event.target) && action !== 'back' && !directions[key]) return
    if ((event.repeat && hold.owns(key)) || holdRow(key, hold, onOptions)) return event.preventDefault()
    if (pressesButton(event)) return pressFocused(event)
    if (steer(event, root.current) || binding === null || action === null) return
    if (layered && !layerActions.has(action)) return
    event.preventDefault()
    const { long } = binding
    // An arrow is never waited for: it has to move at once.
    if (long === undefined || directions[key]) run(action, key)
    else if (!event.repeat) hold.press(key, { short: () => run(action, key), long: () => run(long, key) })
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event)
    const onUp = (event: KeyboardEvent) => hold.release(readKey(event))
    window.addEventListener('keydown', listen)
    window.addEventListener('keyup', onUp)
    return () => {
      window.removeEventListener('keydown', listen)
      window.removeEventListener('keyup', onUp)
    }
  }, [hold])
}
