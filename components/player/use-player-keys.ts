'use client'

import { type RefObject, useEffect, useEffectEvent } from 'react'
import { findNext, focusOn } from '@/components/shell/spatial-navigation'
import { findAction, type KeyMode, type PlayerAction } from './keymap'

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

/** The one keyboard listener of the player. */
export function usePlayerKeys({ root, mode, layered, run, onAnyKey }: KeyTarget): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    const action = findAction(mode, event.key)
    if (action !== 'back') onAnyKey()
    if (isTyping(event.target) && action !== 'back' && !directions[event.key]) return
    if (pressesButton(event)) {
      if (event.key === 'Select' && document.activeElement instanceof HTMLElement) document.activeElement.click()
      return
    }
    if (steer(event, root.current) || action === null) return
    if (layered && !layerActions.has(action)) return
    event.preventDefault()
    run(action, event.key)
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event)
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}
