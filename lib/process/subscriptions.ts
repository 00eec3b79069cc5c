import 'server-only'
import { forgetLineSettings, forgetLines } from '@/lib/accounts'
import { noteClientData } from '@/lib/analytics'
import { stopImport } from '@/lib/catalogue'
import { followGuide, queueGuide, queueMatchOfProvider, queueMatchOfSource, queueTitles, stopGuide } from '@/lib/epg'
import { followLine, forgetLineUps, onClientData, renewAnswers, renewGuides } from '@/lib/gateway'
import { queuePlanOfAll, queuePlanOfGuide, queuePlanOfProfile } from '@/lib/notifications'
import { onBusGap, subscribe } from '@/lib/platform/bus'
import { env } from '@/lib/platform/env'
import { reloadKeys } from '@/lib/platform/secrets'
import { endPlaybacksOf, forgetConversionSettings, leavePlaybacks, loseSlot, recheckPlaybacks } from '@/lib/playback'
import { rotateSecrets } from '@/lib/providers'
import { closeRealtimeOf, heardEvents, refreshHearers, resetRealtime, tellNews } from '@/lib/realtime'

/** The only place where "when X happens, do Y" is written. */
export function subscribeAll(): void {
  subscribe('import.cancel', ({ importId }) => stopImport(importId))
  // A worker each may hear it; their jobs are one by their key.
  subscribe('import.ended', async ({ providerId }) => {
    if (env().ROLE === 'serve') return
    await queueGuide(providerId)
    await queueMatchOfProvider(providerId)
  })
  subscribe('guide.changed', async ({ sourceId }) => {
    if (env().ROLE === 'serve') return
    await followGuide(sourceId, async () => {
      await queueMatchOfSource(sourceId)
      await queuePlanOfGuide(sourceId)
      await queueTitles(sourceId)
    })
  })
  subscribe('guide.cancel', ({ sourceId }) => stopGuide(sourceId))
  subscribeToAccounts()
  subscribe('playback.ended', leavePlaybacks)
  subscribe('slot.taken', loseSlot)
  subscribe('line.changed', async ({ lineId }) => {
    forgetLines(lineId)
    await Promise.all([followLine(lineId), recheckPlaybacks(({ record }) => record.lineId === lineId)])
  })
  subscribe('settings.changed', async () => {
    forgetLineSettings()
    forgetConversionSettings()
    forgetLineUps()
    await recheckPlaybacks(({ line }) => line !== null)
  })
  subscribe('profile.changed', async ({ profileId }) => {
    forgetLineUps()
    await refreshHearers(profileId)
    await recheckPlaybacks(({ record }) => record.profileId === profileId)
    if (env().ROLE !== 'serve') await queuePlanOfProfile(profileId)
  })
  // Guide files take minutes where there are many: lists do not wait for them.
  const renewAll = async () => void (await Promise.all([renewAnswers(), renewGuides()]))
  subscribe('catalogue.changed', async () => {
    await renewAll()
    if (env().ROLE !== 'serve') await queuePlanOfAll()
  })
  subscribe('provider.changed', renewAll)
  subscribe('bouquet.changed', async () => {
    forgetLineUps()
    await recheckPlaybacks(({ line }) => line !== null)
    await renewAll()
  })
  // Which id a channel has for apps may hang on an account's own guide.
  subscribe('guide.changed', renewAll)
  subscribe('provider.deleted', async ({ providerId }) => {
    await endPlaybacksOf({ providerId })
    await renewAll()
  })
  for (const name of heardEvents) subscribe(name, data => tellNews(name, data))
  onClientData(noteClientData)
  onBusGap(resetRealtime)
  subscribe('keys.changed', async () => {
    reloadKeys()
    if (env().ROLE !== 'serve') await rotateSecrets()
  })
}

/** Whoever may watch no longer stops watching. */
function subscribeToAccounts(): void {
  subscribe('session.revoked', async cause => {
    closeRealtimeOf(cause)
    await endPlaybacksOf(cause)
  })
  subscribe('account.disabled', async ({ accountId }) => {
    forgetLines(null)
    closeRealtimeOf({ accountId })
    await endPlaybacksOf({ accountId })
  })
  subscribe('account.changed', async ({ accountId }) => {
    forgetLines(null)
    await recheckPlaybacks(({ record }) => record.accountId === accountId)
  })
}
