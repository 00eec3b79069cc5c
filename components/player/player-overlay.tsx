'use client'

import type { RefObject } from 'react'
import { nameOf } from '@/components/catalogue/item-words'
import { AwayNote } from './away-note'
import { BottomBar } from './bottom-bar'
import { CaptionSheet } from './caption-sheet'
import { ChannelSheet } from './channel-sheet'
import { DiagnosisSheet } from './diagnosis-sheet'
import { DigitBadge } from './digit-badge'
import { EndCard } from './end-card'
import type { Player } from './engine/player'
import { FailureCard } from './failure-card'
import { HelpPage } from './help-page'
import { InfoBar } from './info-bar'
import { KeySheet } from './key-sheet'
import { LoadingPicture } from './loading-picture'
import { MiniGuide } from './mini-guide'
import { MiniPlayer } from './mini-player'
import { OptionsSheet } from './options-sheet'
import { PictureSurface } from './picture-surface'
import { usePictureWindow } from './picture-window'
import { RecentSheet } from './recent-sheet'
import { useRestState } from './rest'
import { RestCard, SleepHint } from './rest-card'
import { SaverSheet } from './saver-sheet'
import { SceneContext } from './scene'
import { SettingsSheet } from './settings-sheet'
import { SleepSheet } from './sleep-sheet'
import { SoundHint } from './sound-hint'
import { SoundSheet } from './sound-sheet'
import { SourcesSheet } from './sources-sheet'
import { StatisticsSheet } from './statistics-sheet'
import { TopBar } from './top-bar'
import type { Awake } from './use-awake'
import { type Overlay, useOverlay } from './use-overlay'
import { useRest } from './use-rest'
import { WaitingHint } from './waiting-hint'
import { WindowControls } from './window-controls'

export interface OverlayProps {
  player: Player
  root: RefObject<HTMLElement | null>
  /** What moves into a floating window: the picture with its subtitles. */
  frame: RefObject<HTMLElement | null>
  awake: Awake
}

const sheets = {
  channels: ChannelSheet,
  miniGuide: MiniGuide,
  recent: RecentSheet,
  options: OptionsSheet,
  settings: SettingsSheet,
  captions: CaptionSheet,
  sleep: SleepSheet,
  sound: SoundSheet,
  saver: SaverSheet,
  diagnosis: DiagnosisSheet,
  keys: KeySheet,
  sources: SourcesSheet,
  statistics: StatisticsSheet,
  help: HelpPage,
}

function FullLayers({ scene, digits, info, awake, mode }: Overlay) {
  const Sheet = scene.layer ? sheets[scene.layer] : null
  const away = usePictureWindow() !== null
  const resting = useRestState().rest !== null
  return (
    <>
      {scene.card ? <title>{`${scene.programme?.title || nameOf(scene.card)} · WatchTheFlix`}</title> : null}
      {away ? <AwayNote /> : null}
      <LoadingPicture />
      <PictureSurface awake={awake} />
      <WaitingHint />
      <FailureCard />
      <EndCard />
      <div
        data-player-controls
        inert={scene.layer !== null || resting}
        className={`transition-opacity duration-200 ${awake.awake && scene.layer === null ? '' : 'pointer-events-none opacity-0'}`}
      >
        <TopBar />
        <BottomBar />
      </div>
      <SoundHint />
      {info.shown && scene.layer === null && !awake.awake ? <InfoBar /> : null}
      {digits.digits === '' ? null : <DigitBadge digits={digits.digits} />}
      <SleepHint />
      <RestCard />
      {Sheet ? <Sheet key={scene.layer} mode={mode} /> : null}
    </>
  )
}

/** Everything that lies over the picture, or stands beside it in the corner of another page. */
export function PlayerOverlay(props: OverlayProps) {
  const overlay = useOverlay(props)
  useRest(props.player)
  return (
    <SceneContext value={overlay.scene}>
      {overlay.scene.docked ? <MiniPlayer /> : <FullLayers {...overlay} />}
      <WindowControls />
    </SceneContext>
  )
}
