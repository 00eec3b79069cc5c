import type { DrmPlayback } from '@/lib/playback/schema'

export type KeySystem = DrmPlayback['systems'][number]['system']

/** Each with the form in which it is told what a stream is locked with. */
const systems: readonly (readonly [KeySystem, initDataType: string])[] = [
  ['com.widevine.alpha', 'cenc'],
  ['com.microsoft.playready', 'cenc'],
  ['com.apple.fps', 'skd'],
  ['org.w3.clearkey', 'cenc'],
]

export type RequestAccess = (system: string, wanted: MediaKeySystemConfiguration[]) => Promise<unknown>

/** What this browser can unlock. Asked only for what is protected: some browsers ask their user before they answer. */
export async function listKeySystems(request: RequestAccess | undefined): Promise<KeySystem[]> {
  if (request === undefined) return []
  const found = await Promise.all(
    systems.map(([system, initDataType]) => {
      const wanted = { initDataTypes: [initDataType], videoCapabilities: [{ contentType: 'video/mp4; codecs="avc1.4d401f"' }] }
      return request(system, [wanted]).then(
        () => [system],
        () => [],
      )
    }),
  )
  return found.flat()
}
