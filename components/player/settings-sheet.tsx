'use client'

import {
  AudioLines,
  Captions,
  ChartNoAxesColumn,
  Gauge,
  Keyboard,
  Layers,
  LayoutGrid,
  Moon,
  PictureInPicture2,
} from 'lucide-react'
import { useRouter } from 'next/navigation'
import { ChoiceList } from './choice-list'
import { speeds } from './engine/controls'
import { isLive } from './engine/player-snapshot'
import { PlayerSheet } from './player-sheet'
import { getPreferences, setPreferences } from './preferences'
import { type Layer, usePlayerState, useScene } from './scene'
import { SheetLink } from './sheet-link'
import { SubtitleList } from './subtitle-list'
import { placeTile } from './tile-order'
import { usePictureInPicture } from './use-picture-in-picture'

const AUTO = 'auto'

function QualityList() {
  const { player } = useScene()
  const { qualities, automatic } = usePlayerState(player, state => state.choices)
  if (qualities.length === 0) return null
  const now = qualities.find(choice => choice.active)
  const auto = { key: AUTO, label: automatic && now ? `Auto (${now.label})` : 'Auto', active: automatic }
  const lines =
    qualities.length < 2 ? [auto] : [auto, ...qualities.map(choice => ({ ...choice, active: choice.active && !automatic }))]
  return <ChoiceList title="Quality" choices={lines} onPick={key => player.controls.pickQuality(key === AUTO ? null : key)} />
}

function SoundList() {
  const { player } = useScene()
  const audio = usePlayerState(player, state => state.choices.audio)
  return audio.length < 2 ? null : <ChoiceList title="Audio" choices={audio} onPick={player.controls.pickAudio} />
}

function SpeedList() {
  const { player } = useScene()
  const speed = usePlayerState(player, state => state.speed)
  const live = usePlayerState(player, isLive)
  if (live) return null
  const lines = speeds.map(one => ({ key: String(one), label: one === 1 ? 'Normal' : `${one}×`, active: one === speed }))
  return <ChoiceList title="Speed" choices={lines} onPick={key => player.controls.setSpeed(Number(key))} />
}

const icon = { 'aria-hidden': true, size: '1.25rem', strokeWidth: 1.75 } as const

/** Quality, audio, subtitles and speed, and the way to the rarer sheets. */
export function SettingsSheet() {
  const { show, live, itemId } = useScene()
  const router = useRouter()
  const picture = usePictureInPicture()
  const open = (layer: Layer) => () => show(layer)
  return (
    <PlayerSheet title="Settings" side="right">
      <QualityList />
      <SoundList />
      <SubtitleList />
      <SpeedList />
      <div className="hairline-t mt-4 pt-3">
        <SheetLink icon={<Layers {...icon} />} onSelect={open('sources')}>
          Change source
        </SheetLink>
        {picture.possible ? (
          <SheetLink icon={<PictureInPicture2 {...icon} />} onSelect={picture.toggle}>
            {picture.active ? 'Back from picture in picture' : 'Watch in a small window'}
          </SheetLink>
        ) : null}
        <SheetLink icon={<Captions {...icon} />} onSelect={open('captions')}>
          Subtitle style
        </SheetLink>
        <SheetLink icon={<AudioLines {...icon} />} onSelect={open('sound')}>
          Sound
        </SheetLink>
        <SheetLink icon={<Gauge {...icon} />} onSelect={open('saver')}>
          Data saver
        </SheetLink>
        <SheetLink icon={<Moon {...icon} />} onSelect={open('sleep')}>
          Sleep timer
        </SheetLink>
        {live ? (
          <SheetLink
            icon={<LayoutGrid {...icon} />}
            onSelect={() => {
              setPreferences({ tiles: placeTile(getPreferences().tiles, itemId) })
              router.push('/multiview')
            }}
          >
            Several channels at once
          </SheetLink>
        ) : null}
        <SheetLink icon={<ChartNoAxesColumn {...icon} />} onSelect={open('statistics')}>
          Statistics
        </SheetLink>
        <SheetLink icon={<Keyboard {...icon} />} onSelect={open('keys')}>
          Keys
        </SheetLink>
      </div>
    </PlayerSheet>
  )
}
