'use client'

import { PageHeader } from '@/components/shell/page-header'
import { GuideSourceList } from './guide-source-list'
import { MatchList } from './match-list'

/** Where programmes come from, and which channel has which guide: for everyone, or for one account's own channels. */
export function GuideSourcesScreen({ platform }: { platform: boolean }) {
  return (
    <div className="px-4 md:px-10">
      <PageHeader title={platform ? 'TV guides for everyone' : 'TV guides'} />
      <div className="max-w-6xl">
        <GuideSourceList platform={platform} />
        <MatchList platform={platform} />
      </div>
    </div>
  )
}
