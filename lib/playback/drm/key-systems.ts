import type { KeySystem } from './drm-config'

const names: Record<KeySystem, string> = {
  'com.widevine.alpha': 'Widevine',
  'com.microsoft.playready': 'PlayReady',
  'com.apple.fps': 'FairPlay',
  'org.w3.clearkey': 'Clear Key',
}

const list = (systems: readonly KeySystem[], word: 'or' | 'and'): string =>
  systems
    .map(system => names[system])
    .join(', ')
    .replace(/, ([^,]*)$/, ` ${word} $1`)

/**
 * Why a browser cannot unlock what these systems lock; null when it can, and when nobody has looked what it has. HLS has no form of
 * Clear Key of its own, but what is written for Widevine is taken for it (drm-settings), so the name alone decides.
 */
export function refuseLocked(locks: readonly KeySystem[], found: readonly KeySystem[] | null): string | null {
  if (locks.length === 0 || found === null || locks.some(system => found.includes(system))) return null
  const own = found.length === 0 ? (locks.length > 1 ? 'none of them' : 'no such key') : `only ${list(found, 'and')}`
  return `This is protected with ${list(locks, 'or')}, and this browser has ${own}.`
}
