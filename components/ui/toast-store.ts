import { SECOND } from '@/lib/kernel/time'

export interface Toast {
  id: number
  tone: 'ok' | 'danger'
  text: string
}

const listeners = new Set<() => void>()
const none: readonly Toast[] = []
let toasts: readonly Toast[] = none
let lastId = 0

function publish(next: readonly Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

/** Says one short sentence at the edge of the screen; it goes by itself. */
export function showToast(text: string, tone: Toast['tone'] = 'ok'): void {
  lastId += 1
  const id = lastId
  publish([...toasts.slice(-2), { id, tone, text }])
  setTimeout(() => publish(toasts.filter(toast => toast.id !== id)), 6 * SECOND)
}

export function subscribeToasts(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const readToasts = (): readonly Toast[] => toasts
export const readNoToasts = (): readonly Toast[] => none
