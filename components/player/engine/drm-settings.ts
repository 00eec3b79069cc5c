import type { PlaybackView } from '@/lib/playback/schema'

/** Settings of Shaka for a protected stream; undefined puts back what is there without one. */
export interface DrmSettings {
  servers: Record<string, string> | undefined
  advanced: Record<string, { serverCertificateUri: string }> | undefined
  keySystemsMapping: Record<string, string> | undefined
}

const none: DrmSettings = { servers: undefined, advanced: undefined, keySystemsMapping: undefined }

const WIDEVINE = 'com.widevine.alpha'
const CLEAR_KEY = 'org.w3.clearkey'

/** Where Shaka asks for licences. Every address is one of our own server, bound to this session. */
export function toDrmSettings(drm: PlaybackView['drm']): DrmSettings {
  const systems = drm?.systems ?? []
  if (systems.length === 0) return none
  const servers: Record<string, string> = Object.fromEntries(systems.map(({ system, licenceUrl }) => [system, licenceUrl]))
  const certified = systems.flatMap(({ system, certificateUrl }) =>
    certificateUrl === null ? [] : [[system, { serverCertificateUri: certificateUrl }] as const],
  )
  const advanced = certified.length === 0 ? undefined : Object.fromEntries(certified)
  const clearKey = servers[CLEAR_KEY]
  if (clearKey === undefined || WIDEVINE in servers) return { servers, advanced, keySystemsMapping: undefined }
  // HLS has no form of Clear Key that leaves the key to a licence: what is written for Widevine is taken for it.
  return { servers: { ...servers, [WIDEVINE]: clearKey }, advanced, keySystemsMapping: { [WIDEVINE]: CLEAR_KEY } }
}
