import type { Decoder } from '@/lib/playback/schema'
import type { KeySystem } from './key-systems'

const KEY = 'wtf.device'

/** What this browser told of the device, until its next version. */
export interface Told {
  decoders?: Decoder[]
  keySystems?: KeySystem[]
}

const isList = (value: unknown): boolean => value === undefined || Array.isArray(value)

/** Nothing from another version, and nothing that is not as we wrote it. */
export function parseTold(text: string | null, agent: string): Told {
  try {
    const { agent: then, decoders, keySystems } = JSON.parse(text ?? '{}') as Told & { agent?: string }
    if (then !== agent || !isList(decoders) || !isList(keySystems)) return {}
    return { ...(decoders ? { decoders } : {}), ...(keySystems ? { keySystems } : {}) }
  } catch {
    return {}
  }
}

export function recallTold(): Told {
  // Private windows and locked-down televisions refuse storage.
  try {
    return parseTold(window.localStorage.getItem(KEY), navigator.userAgent)
  } catch {
    return {}
  }
}

export function rememberTold(told: Told): void {
  try {
    window.localStorage.setItem(KEY, JSON.stringify({ agent: navigator.userAgent, ...told }))
  } catch {
    // It is asked again on the next page.
  }
}
