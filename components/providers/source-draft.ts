import type { ProviderInput, ProviderKind, ProviderView } from '@/lib/providers/schema'
import { nameFromAddress } from './pasted-login'

export type Delivery = ProviderView['delivery']
type RefreshHours = ProviderInput['refreshHours']

/** What the form holds while it is being filled. */
export interface SourceDraft {
  kind: ProviderKind
  name: string
  address: string
  username: string
  password: string
  playlistUrl: string
  playlistText: string
  fileName: string
  guideUrl: string
  userAgent: string
  refreshHours: RefreshHours
  platform: boolean
  autoMerge: boolean
  /** Changed after it was added: a new source goes through this server. */
  delivery: Delivery
}

export const emptyDraft: SourceDraft = {
  kind: 'xtream',
  name: '',
  address: '',
  username: '',
  password: '',
  playlistUrl: '',
  playlistText: '',
  fileName: '',
  guideUrl: '',
  userAgent: '',
  refreshHours: 24,
  platform: false,
  autoMerge: false,
  delivery: 'proxy',
}

const given = <K extends string>(key: K, value: string) =>
  (value.trim() ? { [key]: value.trim() } : {}) as Partial<Record<K, string>>

export function toProviderInput(draft: SourceDraft): ProviderInput {
  const { refreshHours, platform, autoMerge } = draft
  const shared = { refreshHours, platform, autoMerge, ...given('userAgent', draft.userAgent) }
  if (draft.kind === 'xtream') {
    const { address, username, password } = draft
    return {
      kind: 'xtream',
      ...shared,
      name: draft.name.trim() || nameFromAddress(address),
      address: address.trim(),
      username,
      password,
    }
  }
  const fallback = nameFromAddress(draft.playlistUrl) || draft.fileName.replace(/\.m3u8?$/i, '')
  return {
    kind: 'm3u',
    ...shared,
    name: draft.name.trim() || fallback.slice(0, 60),
    ...(draft.playlistText ? { playlistText: draft.playlistText } : given('playlistUrl', draft.playlistUrl)),
    ...given('guideUrl', draft.guideUrl),
  }
}

export const refreshChoices = [
  { value: '6', label: 'Every 6 hours' },
  { value: '12', label: 'Every 12 hours' },
  { value: '24', label: 'Every day' },
  { value: '48', label: 'Every 2 days' },
  { value: '0', label: 'Only when asked' },
] as const

export function toRefreshHours(value: string): RefreshHours {
  const hours = Number(value)
  return hours === 0 || hours === 6 || hours === 12 || hours === 48 ? hours : 24
}
