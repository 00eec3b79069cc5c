import type { PlaybackView } from '@/lib/playback/schema'

/** Settings of Shaka for a protected stream; undefined puts back what is there without one. */
export interface DrmSettings {
  servers: Record<string, string> | undefined
  advanced: Record<string, { serverCertificateUri: string }> | undefined
}

/** Where Shaka asks for licences. Every address is one of our own server, bound to this session. */
export function toDrmSettings(drm: PlaybackView['drm']): DrmSettings {
  const systems = drm?.systems ?? []
  if (systems.length === 0) return { servers: undefined, advanced: undefined }
  const certified = systems.flatMap(({ system, certificateUrl }) =>
    certificateUrl === null ? [] : [[system, { serverCertificateUri: certificateUrl }] as const],
  )
  return {
    servers: Object.fromEntries(systems.map(({ system, licenceUrl }) => [system, licenceUrl])),
    advanced: certified.length === 0 ? undefined : Object.fromEntries(certified),
  }
}
