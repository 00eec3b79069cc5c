export type PlayerAction =
  | 'toggle'
  | 'seekBack'
  | 'seekForward'
  | 'skipBack'
  | 'skipForward'
  | 'toStart'
  | 'percent'
  | 'volumeUp'
  | 'volumeDown'
  | 'mute'
  | 'fullScreen'
  | 'picture'
  | 'subtitles'
  | 'faster'
  | 'slower'
  | 'next'
  | 'info'
  | 'statistics'
  | 'help'
  | 'controls'
  | 'settings'
  | 'channels'
  | 'channelUp'
  | 'channelDown'
  | 'previousChannel'
  | 'recentChannels'
  | 'miniGuide'
  | 'guide'
  | 'digit'
  | 'goLive'
  | 'fromStart'
  | 'fit'
  | 'back'

export interface Binding {
  action: PlayerAction
  /** KeyboardEvent.key, letters in lower case. */
  keys: readonly string[]
  /** What the help page says; a binding without words is a hardware key that explains itself. */
  say?: string
}

export type KeyMode = 'film' | 'live' | 'replay' | 'filmRemote' | 'liveRemote' | 'replayRemote'

const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']

const everywhere: readonly Binding[] = [
  { action: 'toggle', keys: [' ', 'k', 'MediaPlayPause', 'MediaPlay', 'MediaPause'], say: 'Play or pause' },
  { action: 'mute', keys: ['m', 'AudioVolumeMute'], say: 'Mute' },
  { action: 'fullScreen', keys: ['f'], say: 'Full screen' },
  { action: 'picture', keys: ['p'], say: 'Picture in picture' },
  { action: 'subtitles', keys: ['c', 'ColorF3Blue', 'Subtitle'], say: 'Next subtitles' },
  { action: 'info', keys: ['i', 'Info', 'ColorF2Yellow'], say: 'What is on' },
  { action: 'statistics', keys: ['x'], say: 'Statistics' },
  { action: 'settings', keys: ['s', 'ContextMenu'], say: 'Settings' },
  { action: 'help', keys: ['?', 'h'], say: 'All keys' },
  { action: 'fit', keys: ['z'], say: 'Fill the screen or show it all' },
  { action: 'guide', keys: ['g', 'Guide', 'EPG', 'ColorF1Green'], say: 'TV guide' },
  { action: 'back', keys: ['Escape', 'GoBack', 'BrowserBack', 'XF86Back', 'MediaStop'], say: 'Close one layer, then leave' },
]

/** OK opens what one most likely wants: the controls of a film, the neighbours of a channel. */
const okForControls: Binding = { action: 'controls', keys: ['Enter', 'Select'], say: 'Show the controls' }

const volume: readonly Binding[] = [
  { action: 'volumeUp', keys: ['ArrowUp'], say: 'Louder' },
  { action: 'volumeDown', keys: ['ArrowDown'], say: 'Quieter' },
]

const placeKeys: readonly Binding[] = [
  { action: 'skipBack', keys: [','], say: '30 seconds back' },
  { action: 'skipForward', keys: ['.'], say: '30 seconds on' },
  { action: 'percent', keys: digits, say: 'Jump to 0 … 90 %' },
  { action: 'toStart', keys: ['Home'], say: 'To the beginning' },
  { action: 'faster', keys: ['>'], say: 'Faster' },
  { action: 'slower', keys: ['<'], say: 'Slower' },
]

const filmKeys: readonly Binding[] = [
  okForControls,
  { action: 'seekBack', keys: ['j', 'ArrowLeft', 'MediaRewind'], say: '10 seconds back' },
  { action: 'seekForward', keys: ['l', 'ArrowRight', 'MediaFastForward'], say: '10 seconds on' },
  ...placeKeys,
  { action: 'next', keys: ['n', 'MediaTrackNext'], say: 'Next episode' },
]

/** A programme of a channel's archive: a film in time, a channel among channels. */
const replayKeys: readonly Binding[] = [
  okForControls,
  { action: 'seekBack', keys: ['j', 'ArrowLeft', 'MediaRewind'], say: '10 seconds back' },
  { action: 'seekForward', keys: ['ArrowRight', 'MediaFastForward'], say: '10 seconds on' },
  ...placeKeys,
  { action: 'next', keys: ['n', 'MediaTrackNext'], say: 'Next programme' },
  { action: 'goLive', keys: ['l'], say: 'Return to live' },
  { action: 'channelUp', keys: ['PageUp', 'ChannelUp'], say: 'Next channel' },
  { action: 'channelDown', keys: ['PageDown', 'ChannelDown'], say: 'Channel before' },
  { action: 'previousChannel', keys: ['Backspace'], say: 'Last channel; held down, the last ten' },
]

const channelKeys: readonly Binding[] = [
  { action: 'miniGuide', keys: ['Enter', 'Select'], say: 'Neighbouring channels' },
  { action: 'channelUp', keys: ['PageUp', 'ChannelUp', 'MediaTrackNext'], say: 'Next channel' },
  { action: 'channelDown', keys: ['PageDown', 'ChannelDown', 'MediaTrackPrevious'], say: 'Channel before' },
  { action: 'digit', keys: digits, say: 'Channel by number' },
  { action: 'previousChannel', keys: ['Backspace'], say: 'Last channel; held down, the last ten' },
  { action: 'seekBack', keys: ['j', 'MediaRewind'], say: '10 seconds back' },
  { action: 'skipBack', keys: [','], say: '30 seconds back' },
  { action: 'skipForward', keys: ['.'], say: '30 seconds on' },
  { action: 'goLive', keys: ['l'], say: 'Return to live' },
  { action: 'fromStart', keys: ['Home'], say: 'From the start' },
]

/** A remote has no volume of its own to steer: its arrows open what lies at the four edges. */
const remoteEdges: readonly Binding[] = [
  { action: 'info', keys: ['ArrowUp'], say: 'What is on' },
  { action: 'controls', keys: ['ArrowDown'], say: 'Controls' },
]

const liveRemoteEdges: readonly Binding[] = [
  { action: 'miniGuide', keys: ['ArrowUp'], say: 'Neighbouring channels' },
  { action: 'controls', keys: ['ArrowDown'], say: 'Controls' },
]

/** On live, left and right open the sheets at those edges. */
const liveEdges: readonly Binding[] = [
  { action: 'channels', keys: ['ArrowLeft', 'ColorF0Red'], say: 'Channel list' },
  { action: 'settings', keys: ['ArrowRight'], say: 'Settings' },
]

/** Settings has its letter everywhere; where an arrow opens it too, both stand on one line of the help page. */
function merge(bindings: readonly Binding[]): readonly Binding[] {
  const byAction = new Map<PlayerAction, Binding>()
  for (const binding of bindings) {
    const before = byAction.get(binding.action)
    byAction.set(binding.action, before ? { ...before, keys: [...before.keys, ...binding.keys] } : binding)
  }
  return [...byAction.values()]
}

export const keymap: Readonly<Record<KeyMode, readonly Binding[]>> = {
  film: merge([...everywhere, ...volume, ...filmKeys]),
  replay: merge([...everywhere, ...volume, ...replayKeys]),
  live: merge([...everywhere, ...channelKeys, { ...okForControls, keys: ['o'] }, ...liveEdges, ...volume]),
  filmRemote: merge([...everywhere, ...remoteEdges, ...filmKeys]),
  replayRemote: merge([...everywhere, ...remoteEdges, ...replayKeys]),
  liveRemote: merge([...everywhere, ...channelKeys, ...liveEdges, ...liveRemoteEdges]),
}

const keyNames: Readonly<Record<string, string>> = {
  ' ': 'Space',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  PageUp: 'Page ↑',
  PageDown: 'Page ↓',
  Escape: 'Esc',
  Backspace: '⌫',
  Enter: 'Enter',
  Home: 'Home',
}

/** A key that a keyboard has, as against a button of a remote. */
export const isKeyCap = (key: string): boolean => key.length === 1 || key in keyNames

/** What stands on one key cap; empty for a button of a remote. */
export const nameKey = (key: string): string => keyNames[key] ?? (key.length === 1 ? key.toUpperCase() : '')

/** Key caps for the help page: what a keyboard has, ten digits as one. */
export function nameKeys(binding: Binding): string[] {
  if (binding.keys.length === digits.length && binding.keys.every(key => digits.includes(key))) return ['0 … 9']
  return binding.keys.map(nameKey).filter(name => name !== '')
}
