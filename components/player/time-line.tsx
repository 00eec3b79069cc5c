'use client'

import { useQuery } from '@tanstack/react-query'
import { nowQuery } from '@/components/catalogue/now-query'
import { sayClock, sayClockSecond } from '@/components/shell/say-time'
import { SECOND } from '@/lib/kernel/time'
import type { ReplayedProgramme } from '@/lib/playback/schema'
import { canSeek, isLive } from './engine/player-snapshot'
import { sayPosition } from './say-position'
import { usePlayerState, useScene } from './scene'
import { type Mark, SeekBar } from './seek-bar'
import { markChapters, markProgramme, thumbnailAt } from './seek-marks'

/** Of a programme the times are those of the day it was on; of a running one only the beginning is there yet. */
function ReplayLine({ programme }: { programme: ReplayedProgramme }) {
  const { player } = useScene()
  const position = usePlayerState(player, state => state.position)
  const duration = usePlayerState(player, state => state.duration)
  const reach = usePlayerState(player, state => state.window?.end ?? state.duration)
  const buffered = usePlayerState(player, state => state.buffered)
  const begin = Date.parse(programme.start)
  const clockAt = (seconds: number) => sayClockSecond(begin + Math.max(0, seconds) * SECOND)
  return (
    <div className="flex items-center gap-3 text-14 tabular-nums md:gap-4">
      <time className="player-over shrink-0" dateTime={new Date(begin + position * SECOND).toISOString()}>
        {clockAt(position)}
      </time>
      <div className="min-w-0 grow">
        <SeekBar
          start={0}
          end={duration}
          position={position}
          buffered={buffered}
          live={false}
          reach={reach}
          say={clockAt}
          onSeek={player.controls.seek}
        />
      </div>
      <span className="player-over shrink-0 text-muted">{sayClock(programme.stop)}</span>
    </div>
  )
}

/** The parts of a film, as the server knows them; of a channel, where what is on began. */
function useMarks(start: number, end: number): readonly Mark[] {
  const { player, card, live } = useScene()
  const chapters = usePlayerState(player, state => state.session?.chapters)
  const now = useQuery({ ...nowQuery(card?.id ?? 0), enabled: live && card !== null }).data
  return live ? markProgramme(now, { start, end, at: Date.now() }) : markChapters(chapters, end)
}

/** The seek bar with its times; a channel that cannot be wound back has none. */
export function TimeLine() {
  const { player } = useScene()
  const position = usePlayerState(player, state => state.position)
  const duration = usePlayerState(player, state => state.duration)
  const window = usePlayerState(player, state => state.window)
  const buffered = usePlayerState(player, state => state.buffered)
  const seekable = usePlayerState(player, canSeek)
  const live = usePlayerState(player, isLive)
  const thumbnails = usePlayerState(player, state => state.session?.thumbnails)
  const programme = useScene().programme
  const start = live ? (window?.start ?? 0) : 0
  const end = live ? (window?.end ?? 0) : duration
  const marks = useMarks(start, end)
  if (!seekable) return null
  if (programme) return <ReplayLine programme={programme} />
  return (
    <div className="flex items-center gap-3 text-14 tabular-nums md:gap-4">
      <span className="player-over shrink-0">{live ? `−${sayPosition(end - position)}` : sayPosition(position)}</span>
      <div className="min-w-0 grow">
        <SeekBar
          start={start}
          end={end}
          position={position}
          buffered={buffered}
          live={live}
          marks={marks}
          thumbnail={seconds => thumbnailAt(thumbnails, seconds)}
          onSeek={player.controls.seek}
        />
      </div>
      <span className="player-over shrink-0 text-muted">{live ? 'Live' : sayPosition(duration)}</span>
    </div>
  )
}
