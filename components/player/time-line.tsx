'use client'

import { sayClock, sayClockSecond } from '@/components/shell/say-time'
import { SECOND } from '@/lib/kernel/time'
import type { ReplayedProgramme } from '@/lib/playback/schema'
import { canSeek, isLive } from './engine/player-snapshot'
import { sayPosition } from './say-position'
import { usePlayerState, useScene } from './scene'
import { type Mark, SeekBar } from './seek-bar'
import { markChapters, markProgrammes, thumbnailAt } from './seek-marks'
import { useProgrammes } from './use-programmes'

/** Of a programme the times are those of the day it was on; of a running one only the beginning is there yet. */
function ReplayLine({ programme }: { programme: ReplayedProgramme }) {
  const { player, itemId } = useScene()
  const position = usePlayerState(player, state => state.position)
  const duration = usePlayerState(player, state => state.duration)
  const reach = usePlayerState(player, state => state.window?.end ?? state.duration)
  const buffered = usePlayerState(player, state => state.buffered)
  const [begin, stop] = [Date.parse(programme.start), Date.parse(programme.stop)]
  const marks = markProgrammes(useProgrammes(itemId, begin, stop), { start: 0, end: duration, endsAt: stop })
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
          marks={marks}
          say={clockAt}
          onSeek={player.controls.seek}
        />
      </div>
      <span className="player-over shrink-0 text-muted">{sayClock(programme.stop)}</span>
    </div>
  )
}

/** The parts of a film, as the server knows them; of a channel, where each programme within reach began. */
function useMarks(start: number, end: number): readonly Mark[] {
  const { player, itemId, live } = useScene()
  const chapters = usePlayerState(player, state => state.session?.chapters)
  const endsAt = Date.now()
  const programmes = useProgrammes(live && end > start ? itemId : null, endsAt - (end - start) * SECOND, endsAt)
  return live ? markProgrammes(programmes, { start, end, endsAt }) : markChapters(chapters, end)
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
