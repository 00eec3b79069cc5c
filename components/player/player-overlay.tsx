'use client'

import type { RefObject } from 'react'
import { nameOf } from '@/components/catalogue/item-words'
import { BottomBar } from './bottom-bar'
import { ChannelSheet } from './channel-sheet'
import { DigitBadge } from './digit-badge'
import { EndCard } from './end-card'
import type { Player } from './engine/player'
import { FailureCard } from './failure-card'
import { HelpPage } from './help-page'
import { InfoBar } from './info-bar'
import { LoadingPicture } from './loading-picture'
import { PictureSurface } from './picture-surface'
import { SceneContext } from './scene'
import { SettingsSheet } from './settings-sheet'
import { SoundHint } from './sound-hint'
import { SourcesSheet } from './sources-sheet'
import { StatisticsSheet } from './statistics-sheet'
import { TopBar } from './top-bar'
import type { Awake } from './use-awake'
import { useOverlay } from './use-overlay'
import { WaitingHint } from './waiting-hint'

export interface OverlayProps {
  player: Player
  firstItemId: number
  firstFrom: string | null
  root: RefObject<HTMLElement | null>
  awake: Awake
}

const sheets = {
  channels: ChannelSheet,
  settings: SettingsSheet,
  sources: SourcesSheet,
  statistics: StatisticsSheet,
  help: HelpPage,
}

/** Everything that lies over the picture. */
export function PlayerOverlay(props: OverlayProps) {
  const { scene, digits, info, awake, mode } = useOverlay(props)
  const Sheet = scene.layer ? sheets[scene.layer] : null
  return (
    <SceneContext value={scene}>
      {scene.card ? <title>{`${scene.programme?.title || nameOf(scene.card)} · WatchTheFlix`}</title> : null}
      <LoadingPicture />
      <PictureSurface awake={awake} />
      <WaitingHint />
      <FailureCard />
      <EndCard />
      <div
        data-player-controls
        inert={scene.layer !== null}
        className={`transition-opacity duration-200 ${awake.awake && scene.layer === null ? '' : 'pointer-events-none opacity-0'}`}
      >
        <TopBar />
        <BottomBar />
      </div>
      <SoundHint />
      {info.shown && scene.layer === null && !awake.awake ? <InfoBar /> : null}
      {digits.digits === '' ? null : <DigitBadge digits={digits.digits} />}
      {Sheet ? <Sheet key={scene.layer} mode={mode} /> : null}
    </SceneContext>
  )
}
