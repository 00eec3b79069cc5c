'use client'

import { Switch } from '@/components/ui/switch'
import { PlayerSheet } from './player-sheet'
import { setPreferences, usePreferences } from './preferences'

/** How the sound is treated on its way out of this device. Kept for this profile. */
export function SoundSheet() {
  const { nightMode, levelling, stereo } = usePreferences()
  return (
    <PlayerSheet title="Sound" side="right">
      <div className="flex flex-col gap-5 px-3 py-3">
        <Switch
          label="Night mode"
          hint="Quiet voices are brought up, bangs are taken down."
          checked={nightMode}
          onChange={checked => setPreferences({ nightMode: checked })}
        />
        <Switch
          label="The same loudness everywhere"
          hint="Channels and films are brought to about one level, slowly."
          checked={levelling}
          onChange={checked => setPreferences({ levelling: checked })}
        />
        <Switch
          label="Stereo"
          hint="Surround sound is mixed for two speakers or headphones."
          checked={stereo}
          onChange={checked => setPreferences({ stereo: checked })}
        />
      </div>
    </PlayerSheet>
  )
}
