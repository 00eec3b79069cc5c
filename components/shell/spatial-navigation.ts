import { type Box, type Direction, NOT_AHEAD, rank } from './spatial-geometry'

const REACHABLE = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea, [data-focusable]'

const directions: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
}

/** Remotes name their Back key differently; Escape is the same key on a keyboard. */
const backKeys = new Set(['Escape', 'GoBack', 'BrowserBack', 'XF86Back'])

/** The innermost open dialog or menu; arrows stay inside it. */
function findLayer(): HTMLElement | null {
  const layers = document.querySelectorAll<HTMLElement>('dialog[open], [data-focus-layer]')
  return layers[layers.length - 1] ?? null
}

function isVisible(element: HTMLElement): boolean {
  return element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0
}

function listReachable(scope: ParentNode): HTMLElement[] {
  return [...scope.querySelectorAll<HTMLElement>(REACHABLE)].filter(
    element => element.tabIndex >= 0 && isVisible(element) && !element.closest('[inert], [data-focus-ignore]'),
  )
}

function isTyping(element: Element | null, direction: Direction): boolean {
  if (element instanceof HTMLTextAreaElement) return true
  if (element instanceof HTMLSelectElement) return direction === 'up' || direction === 'down'
  // Nothing is typed into what can only be read: the button beside it must be reached.
  if (!(element instanceof HTMLInputElement) || element.readOnly) return false
  if (['checkbox', 'radio', 'button', 'submit', 'file'].includes(element.type)) return false
  if (element.type === 'range' || element.type === 'number') return true
  // Up and down leave a one-line field; left and right move the caret, except out of an empty field.
  return (direction === 'left' || direction === 'right') && element.value !== ''
}

const regionOf = (element: HTMLElement): HTMLElement | null => element.closest<HTMLElement>('[data-focus-region]')

/** A region (the rail) is entered as one box, at its current place; inside one, only its own elements come before others. */
function pickIn(region: HTMLElement): HTMLElement | null {
  return region.querySelector<HTMLElement>('[aria-current="page"]') ?? listReachable(region)[0] ?? null
}

/** What floats over the content (the picture that plays on): arrows reach it only where the content ends. */
const cornerOf = (element: HTMLElement): HTMLElement | null => element.closest<HTMLElement>('[data-focus-corner]')

function findCorner(from: HTMLElement, direction: Direction): HTMLElement | null {
  if (direction === 'left' || direction === 'up' || cornerOf(from)) return null
  const corner = document.querySelector<HTMLElement>('[data-focus-corner]')
  return corner ? (listReachable(corner)[0] ?? null) : null
}

export function findNext(from: HTMLElement, direction: Direction, scope: ParentNode): HTMLElement | null {
  const origin: Box = from.getBoundingClientRect()
  const home = regionOf(from)
  const regions = new Set<HTMLElement>()
  let best: HTMLElement | null = null
  let bestRank = Number.POSITIVE_INFINITY
  for (const element of listReachable(scope)) {
    if (element === from || (cornerOf(element) && !cornerOf(from))) continue
    const region = regionOf(element)
    if (region && region !== home) {
      regions.add(region)
      continue
    }
    if (home && region !== home && (direction === 'up' || direction === 'down')) continue
    const value = rank(origin, element.getBoundingClientRect(), direction)
    if (value === null || value >= bestRank) continue
    best = element
    bestRank = value
  }
  // A region is a fallback: it is entered when nothing in this one lies straight ahead.
  if (best && bestRank < NOT_AHEAD) return best
  for (const region of regions) {
    if (isVisible(region) && rank(origin, region.getBoundingClientRect(), direction) !== null) return pickIn(region)
  }
  return best
}

function isInView(element: HTMLElement): boolean {
  const box = element.getBoundingClientRect()
  return box.bottom > 0 && box.top < window.innerHeight
}

/** Where focus begins on a screen: what the screen names, else the first thing in it. */
export function findStart(): HTMLElement | null {
  const scope = findLayer() ?? document.querySelector('main') ?? document.body
  const reachable = listReachable(scope)
  const inView = reachable.filter(isInView)
  return inView.find(element => 'focusFirst' in element.dataset) ?? inView[0] ?? reachable[0] ?? null
}

export function focusOn(element: HTMLElement): void {
  element.focus({ preventScroll: true })
  element.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'auto' })
}

function moveFocus(event: KeyboardEvent, direction: Direction): void {
  const active = document.activeElement
  if (isTyping(active, direction)) return
  const layer = findLayer()
  const scope = layer ?? document.body
  const inScope = active instanceof HTMLElement && active.matches(REACHABLE) && scope.contains(active)
  const ahead = inScope ? findNext(active, direction, scope) : findStart()
  const next = ahead ?? (inScope && !layer ? findCorner(active, direction) : null)
  if (next) {
    event.preventDefault()
    focusOn(next)
  } else if (inScope && layer) event.preventDefault()
}

/** What Back does when no dialog or menu is open: from the content to the rail, from the rail to Home. */
function goBack(event: KeyboardEvent, leave: (from: 'content' | 'rail') => void): void {
  const layer = findLayer()
  if (layer instanceof HTMLDialogElement) {
    // Escape already closes a native dialog; other Back keys ask it in the same words.
    if (event.key !== 'Escape') layer.dispatchEvent(new Event('cancel', { cancelable: true }))
    return
  }
  if (layer) return
  const active = document.activeElement
  event.preventDefault()
  leave(active instanceof HTMLElement && regionOf(active) ? 'rail' : 'content')
}

/** One arrow-key engine for the whole app. Returns how to switch it off. */
export function startSpatialNavigation(leave: (from: 'content' | 'rail') => void): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    const direction = directions[event.key]
    if (direction) moveFocus(event, direction)
    else if (backKeys.has(event.key)) goBack(event, leave)
    else if (event.key === 'Select' && document.activeElement instanceof HTMLElement) document.activeElement.click()
  }
  window.addEventListener('keydown', onKey)
  return () => window.removeEventListener('keydown', onKey)
}
