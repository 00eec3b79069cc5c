const KEY = 'wtf.volume'

export interface Sound {
  volume: number
  muted: boolean
}

/** Volume as it was left on this device. Private windows and locked-down televisions refuse storage. */
export function recallSound(): Sound {
  try {
    const [volume, muted] = (window.localStorage.getItem(KEY) ?? '1 ').split(' ')
    const level = Number(volume)
    return { volume: level >= 0 && level <= 1 ? level : 1, muted: muted === 'muted' }
  } catch {
    return { volume: 1, muted: false }
  }
}

export function rememberSound({ volume, muted }: Sound): void {
  try {
    window.localStorage.setItem(KEY, `${volume.toFixed(2)} ${muted ? 'muted' : ''}`)
  } catch {
    // It holds until the page is left.
  }
}
