'use client'

import { useState } from 'react'
import { SettingsSection } from '@/components/settings/settings-section'
import { PageHeader } from '@/components/shell/page-header'
import { MoreOptions } from '@/components/ui/more-options'
import { BouquetSettings } from './bouquet-settings'
import { ConnectionList } from './connection-list'
import { LineSettingsForm } from './line-settings-form'
import { MemoryFacts } from './memory-facts'

/** Who watches, what is kept ready for apps, and the rules for devices. Administrators only. */
export function ConnectionsScreen() {
  const [memory, setMemory] = useState(false)
  return (
    <div className="px-4 md:px-10">
      <PageHeader title="Connections" />
      <ConnectionList />
      <div className="mt-6 max-w-6xl">
        <SettingsSection id="memory" title="Memory" text="Lists and guides that apps ask for are kept ready here.">
          <MoreOptions label="What is kept" onToggle={setMemory}>
            {memory ? <MemoryFacts /> : null}
          </MoreOptions>
        </SettingsSection>
        <SettingsSection id="rules" title="Rules for all devices" text="They count for other apps, on every account.">
          <LineSettingsForm />
        </SettingsSection>
        <SettingsSection
          id="bouquets"
          title="Bouquets"
          text="Packages of categories from the sources that are for everyone. A device can be held to some of them."
        >
          <BouquetSettings />
        </SettingsSection>
      </div>
    </div>
  )
}
