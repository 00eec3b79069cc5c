const keys = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Escape', 'GoBack', 'BrowserBack', 'XF86Back', 'Select'])

type Leave = (from: 'content' | 'rail', focusOn: (element: HTMLElement) => void) => void

/**
 * Fetches the arrow-key engine with the first key that needs it: thumbs and mice never do, and the first load stays light.
 * Keys pressed while it is on its way are played again in order. Returns how to switch everything off.
 */
export function startWithFirstKey(leave: Leave): () => void {
  let stop: (() => void) | undefined
  let ended = false
  let early: KeyboardEvent[] = []

  const begin = async () => {
    const { focusOn, startSpatialNavigation } = await import('./spatial-navigation')
    window.removeEventListener('keydown', onKey)
    if (ended) return
    stop = startSpatialNavigation(from => leave(from, focusOn))
    for (const { key } of early) {
      const again = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
      ;(document.activeElement ?? document.body).dispatchEvent(again)
    }
    early = []
  }

  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || !keys.has(event.key) || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    // A dialog or menu closes by itself; a field moves its own caret and the page must not scroll under the others.
    if (event.key === 'Escape' && document.querySelector('dialog[open], [data-focus-layer]')) return
    if (!document.activeElement?.matches('input, textarea, select')) event.preventDefault()
    early.push(event)
    if (early.length === 1) void begin()
  }

  window.addEventListener('keydown', onKey)
  return () => {
    ended = true
    window.removeEventListener('keydown', onKey)
    stop?.()
  }
}
