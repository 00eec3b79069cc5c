'use client'

import { useQuery } from '@tanstack/react-query'
import { ArrowLeft, Plus } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { SpatialFocus } from '@/components/shell/spatial-focus'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { ChannelChoice } from './channel-choice'
import { MultiviewTile } from './multiview-tile'
import { endPlayer } from './player-host-store'
import { getPreferences, setPreferences, usePreferences, useProfilePreferences } from './preferences'
import { roomQuery, sayRoom } from './room'
import { keepAwake } from './stay-awake'
import { LEAST_TILES, MOST_TILES, setTile } from './tile-order'
import './player.css'

/** As large as fits, and never wider than a picture: beside each other, or two by two. */
const columns = {
  1: 'md:grid-cols-[repeat(2,min((100cqw_-_0.75rem)/2,100cqh*16/9))]',
  2: 'md:grid-cols-[repeat(2,min((100cqw_-_0.75rem)/2,(100cqh_-_0.75rem)/2*16/9))]',
} as const

/** Two are the least, and three leave a hole. */
const emptyBeside = (shown: number): number => (shown < LEAST_TILES ? LEAST_TILES - shown : shown % 2)

function EmptyTile({ onChoose }: { onChoose: () => void }) {
  return (
    <div className="hairline flex items-center justify-center rounded-card bg-surface">
      <Button icon={<Plus aria-hidden size="1.25rem" strokeWidth={1.75} />} onClick={onChoose}>
        Choose a channel
      </Button>
    </div>
  )
}

/** How many more channels there are connections for. */
function RoomNote({ tiles }: { tiles: readonly number[] }) {
  const room = useQuery(roomQuery(tiles)).data
  const words = room ? sayRoom(room) : null
  return words ? <p className="line-clamp-2 text-14 text-muted">{words}</p> : null
}

/** What was pressed to choose a channel may be gone with the choice. */
function focusTile(itemId: number): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-tile="${itemId}"]`)?.focus({ preventScroll: true }))
}

/** What plays in the corner holds a connection that a tile may need: they begin when it has been given back. */
function useConnections(): boolean {
  const [ready, setReady] = useState(false)
  useEffect(() => {
    let gone = false
    void endPlayer().then(() => gone || setReady(true))
    return () => {
      gone = true
    }
  }, [])
  return ready
}

/** Two to four channels at once. The sound follows the focus; which ones is kept for this profile. */
export function MultiviewScreen() {
  useProfilePreferences()
  const { tiles } = usePreferences()
  const router = useRouter()
  const [heard, setHeard] = useState(0)
  const [choosing, setChoosing] = useState<number | null>(null)
  const ready = useConnections()
  const shown = tiles.slice(0, MOST_TILES)
  const empty = emptyBeside(shown.length)
  const isWatched = shown.length > 0
  useEffect(() => (isWatched ? keepAwake() : undefined), [isWatched])
  const listening = Math.min(heard, Math.max(0, shown.length - 1))
  return (
    <main className="player-root fixed inset-0 flex flex-col gap-3 overflow-y-auto bg-canvas p-3 text-text md:p-5 [@media(max-height:30rem)]:gap-2 [@media(max-height:30rem)]:p-2">
      <header className="flex items-center gap-3">
        <IconButton
          label="Back"
          icon={<ArrowLeft aria-hidden size="1.5rem" strokeWidth={1.75} />}
          onClick={() => router.push('/channels')}
        />
        <div className="min-w-0 grow [@media(max-height:30rem)]:flex [@media(max-height:30rem)]:items-baseline [@media(max-height:30rem)]:gap-3">
          <h1 className="truncate font-title text-20">Several channels</h1>
          <RoomNote tiles={shown} />
        </div>
        {shown.length === LEAST_TILES ? (
          <Button size="small" icon={<Plus aria-hidden size="1rem" />} onClick={() => setChoosing(shown.length)}>
            Add a channel
          </Button>
        ) : null}
      </header>
      <div className="shrink-0 md:min-h-0 md:shrink md:grow md:[container-type:size]">
        <div
          className={`grid grid-cols-1 gap-3 md:h-full md:content-center md:justify-center [&>*]:aspect-video ${columns[shown.length > 2 ? 2 : 1]}`}
        >
          {shown.map((itemId, at) => (
            <MultiviewTile
              key={itemId}
              itemId={itemId}
              ready={ready}
              heard={at === listening}
              first={at === 0}
              onHear={() => setHeard(at)}
              onChange={() => setChoosing(at)}
              onRemove={shown.length > 1 ? () => setPreferences({ tiles: shown.filter(id => id !== itemId) }) : null}
            />
          ))}
          {Array.from({ length: empty }, (_, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: empty places are all alike
            <EmptyTile key={`empty ${at}`} onChoose={() => setChoosing(shown.length)} />
          ))}
        </div>
      </div>
      {choosing === null ? null : (
        <ChannelChoice
          chosen={shown[choosing] ?? 0}
          tiles={shown}
          onClose={() => setChoosing(null)}
          onPick={itemId => {
            setPreferences({ tiles: setTile(getPreferences().tiles, choosing, itemId) })
            setHeard(choosing)
            setChoosing(null)
            focusTile(itemId)
          }}
        />
      )}
      <SpatialFocus />
    </main>
  )
}
