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
  | 'search'
  | 'groupUp'
  | 'groupDown'
  | 'options'
  | 'digit'
  | 'goLive'
  | 'fromStart'
  | 'fit'
  | 'back'

export interface Binding {
  action: PlayerAction
  /** KeyboardEvent.key, letters in lower case; with what is held beside it (`Ctrl+k`), and buttons of a gamepad (`Pad4`). */
  keys: readonly string[]
  /** What the same key means when it is held down. */
  long?: PlayerAction
  /** What the help page says; a binding without words is a hardware key that explains itself. */
  say?: string
}

export type KeyMode = 'film' | 'live' | 'replay' | 'filmRemote' | 'liveRemote' | 'replayRemote'

const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']

const everywhere: readonly Binding[] = [
  { action: 'toggle', keys: [' ', 'k', 'MediaPlayPause', 'MediaPlay', 'MediaPause', 'Pad2'], say: 'Play or pause' },
  { action: 'mute', keys: ['m', 'AudioVolumeMute', 'Pad11'], say: 'Mute' },
  { action: 'fullScreen', keys: ['f', 'Pad10'], say: 'Full screen' },
  { action: 'picture', keys: ['p'], say: 'Picture in picture' },
  { action: 'subtitles', keys: ['c', 'ColorF3Blue', 'Subtitle'], say: 'Next subtitles' },
  { action: 'info', keys: ['i', 'Info', 'ColorF2Yellow', 'Pad3'], say: 'What is on' },
  { action: 'statistics', keys: ['x'], say: 'Statistics' },
  { action: 'settings', keys: ['s', 'ContextMenu', 'Pad9'], say: 'Settings' },
  { action: 'help', keys: ['?', 'h', 'Pad8'], say: 'All keys' },
  { action: 'fit', keys: ['z'], say: 'Fill the screen or show it all' },
  { action: 'guide', keys: ['g', 'Guide', 'EPG', 'ColorF1Green'], say: 'TV guide' },
  { action: 'search', keys: ['/', 'Ctrl+k', 'BrowserSearch'], say: 'Search' },
  { action: 'back', keys: ['Escape', 'GoBack', 'BrowserBack', 'XF86Back', 'MediaStop'], say: 'Close one layer, then leave' },
]

/** OK opens what one most likely wants: the controls of a film, the neighbours of a channel. */
const okForControls: Binding = { action: 'controls', keys: ['Enter', 'Select'], say: 'Show the controls' }

const volume: readonly Binding[] = [
  { action: 'volumeUp', keys: ['ArrowUp'], say: 'Louder' },
  { action: 'volumeDown', keys: ['ArrowDown'], say: 'Quieter' },
]

const skips: readonly Binding[] = [
  { action: 'skipBack', keys: [',', 'MediaSkipBackward'], say: '30 seconds back' },
  { action: 'skipForward', keys: ['.', 'MediaSkipForward'], say: '30 seconds on' },
]

const placeKeys: readonly Binding[] = [
  ...skips,
  { action: 'percent', keys: digits, say: 'Jump to 0 … 90 %' },
  { action: 'toStart', keys: ['Home'], say: 'To the beginning' },
  { action: 'faster', keys: ['>'], say: 'Faster' },
  { action: 'slower', keys: ['<'], say: 'Slower' },
]

/** Where the arrows alone seek, they do so with Shift as well. */
const seekBack: Binding = {
  action: 'seekBack',
  keys: ['j', 'Shift+ArrowLeft', 'MediaRewind', 'Pad6'],
  say: '10 seconds back',
}
const seekForward: Binding = {
  action: 'seekForward',
  keys: ['Shift+ArrowRight', 'MediaFastForward', 'Pad7'],
  say: '10 seconds on',
}
const arrowsSeek: readonly Binding[] = [
  { ...seekBack, keys: ['ArrowLeft', ...seekBack.keys] },
  { ...seekForward, keys: ['ArrowRight', ...seekForward.keys] },
]

const filmKeys: readonly Binding[] = [
  okForControls,
  ...arrowsSeek,
  { action: 'seekForward', keys: ['l'] },
  ...placeKeys,
  { action: 'next', keys: ['n', 'MediaTrackNext', 'Pad5'], say: 'Next episode' },
]

/** Walking through the channels, whatever the one that plays is showing. */
const walkKeys: readonly Binding[] = [
  { action: 'goLive', keys: ['l', 'LiveContent'], say: 'Return to live' },
  { action: 'channelUp', keys: ['PageUp', 'ChannelUp', 'Pad5'], say: 'Next channel' },
  { action: 'channelDown', keys: ['PageDown', 'ChannelDown', 'Pad4'], say: 'Channel before' },
  { action: 'groupUp', keys: ['Shift+PageUp'], say: 'Next group of channels' },
  { action: 'groupDown', keys: ['Shift+PageDown'], say: 'Group of channels before' },
  {
    action: 'previousChannel',
    keys: ['Backspace', 'MediaLast'],
    long: 'recentChannels',
    say: 'Last channel; held down, the last ten',
  },
]

/** A programme of a channel's archive: a film in time, a channel among channels. */
const replayKeys: readonly Binding[] = [
  { ...okForControls, long: 'options', say: 'Show the controls; held down, more for this channel' },
  ...arrowsSeek,
  ...placeKeys,
  { action: 'next', keys: ['n', 'MediaTrackNext'], say: 'Next programme' },
  ...walkKeys,
]

const channelKeys: readonly Binding[] = [
  {
    action: 'miniGuide',
    keys: ['Enter', 'Select'],
    long: 'options',
    say: 'Neighbouring channels; held down, more for this channel',
  },
  ...walkKeys,
  { action: 'channelUp', keys: ['MediaTrackNext'] },
  { action: 'channelDown', keys: ['MediaTrackPrevious'] },
  { action: 'digit', keys: digits, say: 'Channel by number' },
  seekBack,
  seekForward,
  ...skips,
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
  { action: 'channels', keys: ['ArrowLeft', 'ColorF0Red', 'ListProgram'], say: 'Channel list' },
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
  filmRemote: merge([...everywhere, ...filmKeys, ...remoteEdges]),
  replayRemote: merge([...everywhere, ...replayKeys, ...remoteEdges]),
  liveRemote: merge([...everywhere, ...channelKeys, ...liveEdges, ...liveRemoteEdges]),
}
