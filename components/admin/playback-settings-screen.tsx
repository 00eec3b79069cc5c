'use client'

import { useQuery } from '@tanstack/react-query'
import { SettingsSection } from '@/components/settings/settings-section'
import { PageHeader } from '@/components/shell/page-header'
import { ErrorState } from '@/components/ui/error-state'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import type { ConversionView } from '@/lib/playback/schema'
import { ConversionForm } from './conversion-form'
import { conversionQuery } from './queries'

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const cards: Record<string, string> = { vaapi: 'VA-API', nvenc: 'NVIDIA', qsv: 'Intel Quick Sync' }

function MachineFacts({ ffmpeg, cores }: ConversionView) {
  if (ffmpeg === null)
    return <Notice tone="warn">There is no FFmpeg on this server, so only what browsers play by themselves is shown.</Notice>
  if (cores.capacity === 0) return <Notice tone="warn">Conversions are switched off on this server.</Notice>
  const encoder =
    ffmpeg.hardware === null ? 'Pictures are converted by the processor.' : `Pictures are converted by ${cards[ffmpeg.hardware]}.`
  return (
    <p className="text-muted">
      {encoder} {number.format(cores.free)} of {number.format(cores.capacity)} cores are free for it. FFmpeg {ffmpeg.version}.
    </p>
  )
}

/** How pictures are converted on this server. Administrators only. */
export function PlaybackSettingsScreen() {
  const view = useQuery(conversionQuery)
  return (
    <div className="px-4 md:px-10">
      <PageHeader title="Playback" />
      <div className="max-w-6xl">
        <SettingsSection
          id="conversion"
          title="Conversion"
          text="What a browser cannot play is converted for it, once for everybody who watches the same."
        >
          {view.isPending ? (
            <Skeleton className="h-72 w-full" />
          ) : view.data ? (
            <div className="flex flex-col gap-6">
              <MachineFacts {...view.data} />
              <ConversionForm settings={view.data.settings} />
            </div>
          ) : (
            <ErrorState error={view.error} onRetry={() => void view.refetch()} />
          )}
        </SettingsSection>
      </div>
    </div>
  )
}
