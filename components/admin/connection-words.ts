import { sayApp } from '@/lib/kernel/app-name'
import type { ConnectionView } from '@/lib/playback/schema'
import { sayBitrate, sayBytes } from './say-traffic'

/** "Living room", or what our own pages are called. */
export const sayDevice = ({ line }: ConnectionView): string => line?.name ?? 'This website'

/** "Ada · Kids". */
export const sayWho = ({ account, profile }: ConnectionView): string =>
  profile && profile !== account ? `${account} · ${profile}` : account

/** The source and whose it is; its name often is the item's own. */
export const saySource = ({ item, source, provider }: ConnectionView): string =>
  [source === item ? null : source, provider].filter(Boolean).join(' · ') || 'Source no longer there'

export const sayWith = ({ app }: ConnectionView): string => sayApp(app)

export const sayShared = ({ shared }: ConnectionView): string => (shared > 1 ? `${shared.toLocaleString()} streams` : 'Alone')

/** What went out is written down every ten seconds. */
export const saySent = ({ bytes }: ConnectionView): string => (bytes === 0 ? 'Counting' : sayBytes(bytes))
export const sayPace = ({ bytes, bitrate }: ConnectionView): string => (bytes === 0 ? '' : sayBitrate(bitrate))
