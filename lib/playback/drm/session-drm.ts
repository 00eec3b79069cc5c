import 'server-only'
import type { SourceRecord } from '@/lib/catalogue'
import { playlistKeys } from '@/lib/providers'
import type { SessionPlan } from '../session-plans'
import { addressFor } from '../stream-links'
import { DrmInput, type DrmPlayback, type KeySystem } from './drm-config'
import { findDrm } from './drm-store'

interface Known extends Pick<SessionPlan, 'sources'> {
  record: Pick<SessionPlan['record'], 'itemId' | 'sourceId'>
}

/** How what this session plays is unlocked: what its owner set, else what its playlist says. Null when it is not protected. */
export async function drmOf({ record, sources }: Known): Promise<DrmInput | null> {
  const set = await findDrm(record.itemId)
  const source = sources.find(({ id }) => id === record.sourceId)
  return source === undefined ? set : drmOfSource(set, source)
}

/** How a source is unlocked, where `set` is what the owner of its item said. */
export const drmOfSource = (set: DrmInput | null, source: SourceRecord): DrmInput | null =>
  set ?? fromPlaylist(playlistKeys(source))

/** What may unlock it: a browser needs one of them. */
export function systemsOf({ servers, clearKeys }: DrmInput): KeySystem[] {
  const systems = new Set(servers.map(({ system }) => system))
  if (Object.keys(clearKeys).length > 0) systems.add('org.w3.clearkey')
  return [...systems]
}

/** What the player needs to know of it. */
export function drmForPlayer(plan: Pick<SessionPlan, 'record'>, config: DrmInput | null): DrmPlayback | null {
  if (config === null) return null
  const systems = systemsOf(config)
  if (systems.length === 0) return null
  const at = (name: string) => addressFor(plan, { kind: 'licence', sourceId: plan.record.sourceId, name })
  const certified = new Set(
    config.servers.flatMap(({ system, certificateUrl }) => (certificateUrl === undefined ? [] : [system])),
  )
  return {
    systems: systems.map(system => ({
      system,
      licenceUrl: at(system),
      certificateUrl: certified.has(system) ? at(`${system}/certificate`) : null,
    })),
    hasGivenKeys: config.servers.length === 0 && !config.packaged,
  }
}

/** KODIPROP lines of a playlist; what cannot be read counts as none. */
function fromPlaylist(keys: ReturnType<typeof playlistKeys>): DrmInput | null {
  if (keys === null) return null
  const { clearKeys, servers } = keys
  return DrmInput.safeParse({ clearKeys, servers }).data ?? null
}
