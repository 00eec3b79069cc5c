/** Swaps an address that runs out for its successor, for a player that goes on asking for the old one. */
export interface Renewal {
  reset: (url: string) => void
  renew: (url: string) => void
  rewrite: (uri: string) => string
}

const folderOf = (url: string) => url.slice(0, url.lastIndexOf('/') + 1)

export function createRenewal(): Renewal {
  // All of them: playlists keep their first address, segments the one their playlist came from.
  const former: string[] = []
  let current = ''
  return {
    reset: url => {
      former.length = 0
      current = folderOf(url)
    },
    renew: url => {
      former.push(current)
      current = folderOf(url)
    },
    rewrite: uri => former.reduce((text, old) => text.replace(old, current), uri),
  }
}
