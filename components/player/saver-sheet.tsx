'use client'

import { ChoiceList } from './choice-list'
import { dataSavers } from './data-saver'
import { PlayerSheet } from './player-sheet'
import { setPreferences, usePreferences } from './preferences'
import { useScene } from './scene'

/** How high a picture is fetched at most. Kept for this profile; what plays goes on as it was chosen. */
export function SaverSheet() {
  const { player } = useScene()
  const { dataSaver } = usePreferences()
  const pick = (key: string) => {
    if (key === dataSaver) return
    setPreferences({ dataSaver: key })
    player.again()
  }
  return (
    <PlayerSheet title="Data saver" side="right">
      <p className="px-3 pt-2 text-14 text-muted">
        A smaller picture takes less data. It holds for everything you watch on this device.
      </p>
      <ChoiceList
        title="Highest picture"
        choices={dataSavers.map(saver => ({ ...saver, active: saver.key === dataSaver }))}
        onPick={pick}
      />
    </PlayerSheet>
  )
}
