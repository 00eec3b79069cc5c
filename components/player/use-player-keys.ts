'use client'

import { type RefObject, useEffect, useEffectEvent, useRef } from 'react'
import { findNext, focusOn } from '@/components/shell/spatial-navigation'
import { type CustomKeys, findAction } from './key-bindings'
import type { KeyMode, PlayerAction } from './keymap'
import { readKey } from './read-key'

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
  const direction = directions[event.key]
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
])

/** Held down for longer than this, a key means its second meaning. */
const LONG_PRESS = 500

/** "Last channel" waits for its key to come up again: held down it lists the last ten. */
function useLongPress(run: KeyTarget['run']): { press: (event: KeyboardEvent) => void; release: () => void } {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  return {
    press: event => {
      if (event.repeat) return
      clearTimeout(timer.current)
      timer.current = setTimeout(() => {
        timer.current = undefined
        run('recentChannels', event.key)
      }, LONG_PRESS)
    },
    release: () => {
      if (timer.current === undefined) return
      clearTimeout(timer.current)
      timer.current = undefined
      run('previousChannel', '')
    },
  }
}

/** The one keyboard listener of the player. */
export function usePlayerKeys({ root, mode, custom, enabled, layered, run, onAnyKey }: KeyTarget): void {
  const hold = useLongPress(run)
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!enabled || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    const key = readKey(event)
    const action = findAction(mode, key, custom)
    if (action !== 'back') onAnyKey()
    if (isTyping(event.target) && action !== 'back' && !directions[key]) return
    if (pressesButton(event)) {
      if (event.key === 'Select' && document.activeElement instanceof HTMLElement) document.activeElement.click()
      return
    }
    if (steer(event, root.current) || action === null) return
    if (layered && !layerActions.has(action)) return
    event.preventDefault()
    if (action === 'previousChannel') hold.press(event)
    else run(action, key)
  })
  const onUp = useEffectEvent((event: KeyboardEvent) => {
    if (findAction(mode, readKey(event), custom) === 'previousChannel') hold.release()
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event)
    const listenUp = (event: KeyboardEvent) => onUp(event)
    window.addEventListener('keydown', listen)
    window.addEventListener('keyup', listenUp)
    return () => {
      window.removeEventListener('keydown', listen)
      window.removeEventListener('keyup', listenUp)
    }
  }, [])
}
