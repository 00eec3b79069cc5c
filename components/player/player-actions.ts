import { speeds } from './engine/controls'
import type { PlayerAction } from './keymap'
import type { Layer, Scene } from './scene'
import type { DigitEntry } from './use-digits'
import { findByDigits } from './zap-order'

export const SEEK_STEP = 10
/** About the length of an advertisement. */
export const SKIP_STEP = 30
const VOLUME_STEP = 0.05

interface Surroundings {
  scene: Scene
  digits: DigitEntry
  goBackChannel: () => void
  togglePicture: () => void
  toggleInfo: () => void
  showControls: () => void
  openGuide: () => void
  openSearch: () => void
  stepGroup: (step: 1 | -1) => void
  toggleFit: () => void
  /** One step out: what Escape and Back do. */
  stepBack: () => void
}

function changeSpeed({ player }: Scene, step: 1 | -1): void {
  const { speed } = player.getSnapshot()
  const at = speeds.indexOf(speed)
  const next = speeds[at + step]
  if (next !== undefined) player.controls.setSpeed(next)
}

/** Gives every name of the key map its deed. */
export function createActions(around: Surroundings): (action: PlayerAction, key: string) => void {
  const { scene, digits } = around
  const { player } = scene
  const { controls } = player
  const switchLayer = (layer: Layer) => scene.show(scene.layer === layer ? null : layer)
  const deeds: Record<PlayerAction, (key: string) => void> = {
    toggle: controls.toggle,
    seekBack: () => controls.seekBy(-SEEK_STEP),
    seekForward: () => controls.seekBy(SEEK_STEP),
    skipBack: () => controls.seekBy(-SKIP_STEP),
    skipForward: () => controls.seekBy(SKIP_STEP),
    toStart: () => controls.seek(0),
    percent: key => controls.seek((Number(key) / 10) * player.getSnapshot().duration),
    volumeUp: () => controls.setVolume(player.getSnapshot().volume + VOLUME_STEP),
    volumeDown: () => controls.setVolume(player.getSnapshot().volume - VOLUME_STEP),
    mute: () => controls.setMuted(!player.getSnapshot().muted),
    fullScreen: scene.toggleFullScreen,
    picture: around.togglePicture,
    subtitles: controls.cycleSubtitles,
    faster: () => changeSpeed(scene, 1),
    slower: () => changeSpeed(scene, -1),
    next: () => scene.next?.go(),
    info: around.toggleInfo,
    statistics: () => switchLayer('statistics'),
    help: () => switchLayer('help'),
    controls: () => (digits.digits === '' ? around.showControls() : digits.commit()),
    settings: () => switchLayer('settings'),
    channels: () => switchLayer('channels'),
    channelUp: () => scene.zap(1),
    channelDown: () => scene.zap(-1),
    previousChannel: around.goBackChannel,
    recentChannels: () => switchLayer('recent'),
    miniGuide: () => (digits.digits === '' ? switchLayer('miniGuide') : digits.commit()),
    guide: around.openGuide,
    search: around.openSearch,
    groupUp: () => around.stepGroup(1),
    groupDown: () => around.stepGroup(-1),
    options: () => scene.showOptions(scene.itemId),
    fit: around.toggleFit,
    digit: key => {
      const { lineUp } = scene
      const typed = digits.digits + key
      digits.type(key)
      lineUp.want(Number(typed))
      // A number that is none of this group is one of all channels.
      if (lineUp.scope !== 'all' && findByDigits(lineUp.channels, typed) === null) lineUp.setScope('all')
    },
    goLive: () => (scene.from === null ? controls.goLive() : scene.replay(null)),
    fromStart: () => scene.startOfNow !== null && scene.replay(scene.startOfNow),
    back: around.stepBack,
  }
  return (action, key) => deeds[action](key)
}
