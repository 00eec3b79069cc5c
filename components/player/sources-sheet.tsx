'use client'

import { ChoiceList } from './choice-list'
import { PlayerSheet } from './player-sheet'
import { usePlayerState, useScene } from './scene'

/** Every source that carries this, with the one that plays. */
export function SourcesSheet() {
  const { player, page, show } = useScene()
  const session = usePlayerState(player, state => state.session)
  const known = session?.sources ?? page?.sources ?? []
  const lines = known.map(source => {
    const from = page?.sources.find(one => one.id === source.id)
    const place = [from?.provider.name, from?.category].filter(Boolean).join(' · ')
    return {
      key: String(source.id),
      label: source.name,
      active: source.id === session?.sourceId,
      note: [place, source.failing ? 'failed lately' : ''].filter(Boolean).join(' — '),
    }
  })
  return (
    <PlayerSheet title="Sources" side="right">
      {lines.length === 0 ? <p className="px-3 py-4 text-muted">Nothing is known about the sources yet.</p> : null}
      <ChoiceList
        title={lines.length === 1 ? 'This is the only source' : 'Play it from'}
        choices={lines}
        onPick={key => {
          show(null)
          if (Number(key) !== session?.sourceId || player.getSnapshot().phase === 'failed') player.switchSource(Number(key))
        }}
      />
      {session ? <p className="hairline-t mx-3 mt-4 pt-4 text-14 text-muted">{session.decision.message}</p> : null}
    </PlayerSheet>
  )
}
