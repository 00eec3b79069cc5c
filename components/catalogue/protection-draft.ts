import { DrmInput, type DrmView } from '@/lib/playback/schema'

export type Way = 'open' | 'keys' | 'servers' | 'packaged'

/** Licence addresses by the field that asks for them. */
export const systems = [
  { field: 'widevine', system: 'com.widevine.alpha', name: 'Widevine' },
  { field: 'playready', system: 'com.microsoft.playready', name: 'PlayReady' },
  { field: 'fairplay', system: 'com.apple.fps', name: 'FairPlay' },
] as const

type Values = Readonly<Record<string, string>>

export function wayOf({ servers, keyIds, packaged }: DrmView): Way {
  if (packaged) return 'packaged'
  return servers.length > 0 ? 'servers' : keyIds.length > 0 ? 'keys' : 'open'
}

/** One line about what is saved; secrets are not among what is known here. */
export function sayProtection({ servers, keyIds, packaged }: DrmView): string {
  if (packaged) return 'Encrypted by us.'
  const hosts = servers.map(
    ({ system, host }) => `${systems.find(each => each.system === system)?.name ?? 'Clear Key'} at ${host}`,
  )
  const tokens = [...new Set(servers.flatMap(({ headers }) => headers))]
  const keys = keyIds.length > 0 ? [`Clear key for ${keyIds.join(', ')}`] : []
  const parts = [...hosts, ...keys, ...(tokens.length > 0 ? [`with ${tokens.join(', ')}`] : [])]
  return parts.length === 0 ? 'Not protected.' : `${parts.join(' · ')}.`
}

const isKey = (text: string | undefined): boolean => /^[0-9a-f]{32}$/i.test(text?.trim() ?? '')

/** What is wrong, by field. */
export function problemsIn(way: Way, values: Values): Record<string, string> {
  const problems: Record<string, string> = {}
  const refuse = (field: string, say: string) => {
    problems[field] = say
  }
  if (way === 'keys')
    for (const field of ['keyId', 'key']) if (!isKey(values[field])) refuse(field, 'Write 32 digits from 0 to f.')
  if (way !== 'servers') return problems
  const addresses = systems.filter(({ field }) => values[field]?.trim())
  if (addresses.length === 0) refuse('widevine', 'Write at least one address.')
  for (const { field } of [...addresses, { field: 'certificate' }]) {
    const url = values[field]?.trim()
    if (url && !/^https?:\/\/[^\s/]+/.test(url)) refuse(field, 'Write an address that begins with https://.')
  }
  if (Boolean(values.header?.trim()) !== Boolean(values.token?.trim()))
    refuse(values.token?.trim() ? 'header' : 'token', 'A token needs its name and its value.')
  else if (Object.keys(problems).length === 0 && !DrmInput.safeParse(toInput(way, values)).success)
    refuse('header', 'This name or value cannot be sent.')
  return problems
}

/** As the server takes it. */
export function toInput(way: Way, values: Values): unknown {
  const at = (field: string) => values[field]?.trim() ?? ''
  if (way === 'packaged') return { packaged: true }
  if (way === 'keys') return { clearKeys: { [at('keyId')]: at('key') } }
  const headers = at('header') === '' ? {} : { [at('header')]: at('token') }
  const servers = systems
    .filter(({ field }) => at(field) !== '')
    .map(({ field, system }) => ({
      ...{ system, url: at(field), form: at('form') || 'generic', headers },
      ...(field === 'fairplay' && at('certificate') !== '' ? { certificateUrl: at('certificate') } : {}),
    }))
  return { servers }
}
