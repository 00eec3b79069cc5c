'use client'

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
import { LEAST_TILES, MOST_TILES, setTile } from './tile-order'
import './player.css'

const grids: Readonly<Record<number, string>> = {
  1: 'md:grid-cols-2 md:content-center md:[&>*]:aspect-video',
  2: 'md:grid-cols-2 md:content-center md:[&>*]:aspect-video',
  3: 'md:grid-cols-2 md:grid-rows-2',
  4: 'md:grid-cols-2 md:grid-rows-2',
}

function EmptyTile({ onChoose }: { onChoose: () => void }) {
  return (
    <div className="hairline flex min-h-40 items-center justify-center rounded-card bg-surface">
      <Button icon={<Plus aria-hidden size="1.25rem" strokeWidth={1.75} />} onClick={onChoose}>
        Choose a channel
      </Button>
    </div>
  )
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
  const places = Math.max(LEAST_TILES, Math.min(MOST_TILES, shown.length))
  const listening = Math.min(heard, Math.max(0, shown.length - 1))
  return (
    <main className="player-root fixed inset-0 flex flex-col gap-3 overflow-y-auto bg-canvas p-3 text-text md:p-5">
      <header className="flex items-center gap-3">
        <IconButton
          label="Back"
          icon={<ArrowLeft aria-hidden size="1.5rem" strokeWidth={1.75} />}
          onClick={() => router.push('/channels')}
        />
        <h1 className="grow font-title text-20">Several channels</h1>
        {shown.length >= LEAST_TILES && shown.length < MOST_TILES ? (
          <Button size="small" icon={<Plus aria-hidden size="1rem" />} onClick={() => setChoosing(shown.length)}>
            Add a channel
          </Button>
        ) : null}
      </header>
      <div
        className={`grid min-h-0 grow grid-cols-1 gap-3 max-md:content-start max-md:[&>*]:aspect-video ${grids[places] ?? ''}`}
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
        {Array.from({ length: Math.max(0, LEAST_TILES - shown.length) }, (_, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: empty places are all alike
          <EmptyTile key={`empty ${at}`} onChoose={() => setChoosing(shown.length)} />
        ))}
      </div>
      {choosing === null ? null : (
        <ChannelChoice
          chosen={shown[choosing] ?? 0}
          onClose={() => setChoosing(null)}
          onPick={itemId => {
            setPreferences({ tiles: setTile(getPreferences().tiles, choosing, itemId) })
            setHeard(choosing)
            setChoosing(null)
          }}
        />
      )}
      <SpatialFocus />
    </main>
  )
}
