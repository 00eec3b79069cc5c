/** What is used here of Shaka's reference to a segment. */
export interface SegmentReference {
  getUris: () => string[]
}

export interface SegmentIndex {
  get: (position: number) => SegmentReference | null
  getNumEvicted: () => number
  getNumReferences: () => number
}

/**
 * Lets go of what the references of segments hold. In Shaka 5.2 each finds its address by a function that remembers the playlist it
 * was read from and the reference before it: none of a channel is ever free, and a page that plays one for hours grows by 0.1 MB a
 * minute. What is new stands at the end of the index.
 */
export function createLoosener(): (indexes: Iterable<SegmentIndex>) => void {
  const seen = new WeakSet<SegmentReference>()
  return indexes => {
    for (const index of indexes) {
      const first = index.getNumEvicted()
      for (let at = first + index.getNumReferences() - 1; at >= first; at--) {
        const reference = index.get(at)
        if (reference === null || seen.has(reference)) break
        seen.add(reference)
        loosen(reference)
      }
    }
  }
}

/** The function stands under a name that the build of the library has chosen. */
function loosen(reference: SegmentReference): void {
  const addresses = reference.getUris()
  for (const [name, value] of Object.entries(reference)) {
    if (typeof value !== 'function') continue
    const told: unknown = value()
    if (Array.isArray(told) && String(told) === String(addresses)) Object.assign(reference, { [name]: () => addresses })
  }
}
