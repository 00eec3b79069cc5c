import { useSyncExternalStore } from 'react'
import { createStore } from './engine/store'

interface PictureWindows {
  requestWindow: (options: { width: number; height: number }) => Promise<Window>
}

const store = createStore<{ open: Window | null }>({ open: null })

/** The floating window that the picture stands in; null while it stands in its page. */
export const usePictureWindow = (): Window | null =>
  useSyncExternalStore(
    store.subscribe,
    () => store.get().open,
    () => null,
  )

const findMaker = (): PictureWindows | undefined =>
  (window as Window & { documentPictureInPicture?: PictureWindows }).documentPictureInPicture

/** A window of our own, with our controls in it; browsers that have none show the bare video. */
export const hasPictureWindow = (): boolean => findMaker() !== undefined

/** The look of our pages, for a document that has none yet. */
function copyStyles(from: Document, to: Document): void {
  for (const element of from.querySelectorAll('link[rel="stylesheet"], style')) to.head.append(to.importNode(element, true))
  for (const { name, value } of from.documentElement.attributes) to.documentElement.setAttribute(name, value)
  to.body.className = from.body.className
}

/** Moves the picture into a window of its own until that is closed; the element itself is the same one. */
export async function openPictureWindow(frame: HTMLElement): Promise<void> {
  const home = frame.parentElement
  const made = await findMaker()?.requestWindow({ width: 480, height: 300 })
  if (!made || !home) return
  copyStyles(document, made.document)
  made.document.title = document.title
  const next = frame.nextSibling
  made.document.body.append(frame)
  made.addEventListener('pagehide', () => {
    home.insertBefore(frame, next)
    store.set({ open: null })
  })
  store.set({ open: made })
}

export const closePictureWindow = (): void => store.get().open?.close()
