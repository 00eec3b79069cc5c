'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { callApi } from '@/components/shell/api'
import { type MeView, meQuery } from '@/components/shell/queries'
import type { Choices, PlayerChoices, ProfileView } from '@/lib/profiles/schema'
import { plainCaptions } from './caption-style'
import { createStore } from './engine/store'
import type { CustomKeys } from './key-bindings'

/** What a profile chose for the player: on every device, as this one knows it, and on this one alone. */
export interface PlayerPreferences extends Choices {
  keys: CustomKeys
  /** Five speakers mixed down to two. */
  stereo: boolean
  /** The highest picture that is fetched: `off`, `auto` (by what the device says of its connection), or lines. */
  dataSaver: string
  /** Channels watched last, the newest first. */
  recent: readonly number[]
  /** Channels of the multiview. */
  tiles: readonly number[]
  /** Names of choices that the server has not been told of. */
  untold: readonly string[]
}

export const plainPreferences: PlayerPreferences = {
  keys: {},
  audio: '',
  subtitles: '',
  captions: plainCaptions,
  replaySubtitles: true,
  nightMode: false,
  levelling: false,
  stereo: false,
  dataSaver: 'auto',
  recent: [],
  tiles: [],
  untold: [],
}

const shared = [
  'audio',
  'subtitles',
  'captions',
  'replaySubtitles',
  'nightMode',
  'levelling',
] as const satisfies (keyof Choices)[]

const isObject = (value: unknown): value is object => value instanceof Object && !Array.isArray(value)

/** Fields that an older or newer version wrote differently are left out one by one. */
export function parsePreferences(text: string | null): PlayerPreferences {
  let stored: unknown
  try {
    stored = JSON.parse(text ?? '{}')
  } catch {
    return plainPreferences
  }
  if (!isObject(stored)) return plainPreferences
  const plain = Object.entries(plainPreferences)
  const kept = Object.entries(stored).filter(([name, value]) => {
    const model = plain.find(([known]) => known === name)?.[1]
    return model !== undefined && typeof value === typeof model && Array.isArray(value) === Array.isArray(model) && value !== null
  })
  const known = { ...plainPreferences, ...Object.fromEntries(kept) }
  if ('untold' in stored) return known
  // From before the server kept any of it.
  return { ...known, untold: shared.filter(name => JSON.stringify(known[name]) !== JSON.stringify(plainPreferences[name])) }
}

/** What the server knows counts, but for what it has not been told yet. */
export function adoptChoices(value: PlayerPreferences, told: PlayerChoices): PlayerPreferences {
  return { ...value, ...Object.fromEntries(Object.entries(told).filter(([name]) => !value.untold.includes(name))) }
}

const LAST = 'wtf.player'
const keyOf = (profileId: string) => `${LAST}.${profileId}`

/** Until it is known whose screen this is, it is taken for that of who watched last: the first picture waits for nobody. */
function readLast(): PlayerPreferences {
  try {
    return read(window.localStorage.getItem(LAST) ?? '')
  } catch {
    return plainPreferences
  }
}

function rememberLast(profileId: string): void {
  try {
    window.localStorage.setItem(LAST, profileId)
  } catch {
    // The next page begins with what is plain.
  }
}

const store = createStore<{ profileId: string; value: PlayerPreferences }>({
  profileId: '',
  value: typeof window === 'undefined' ? plainPreferences : readLast(),
})

function read(profileId: string): PlayerPreferences {
  // Private windows and locked-down televisions refuse storage.
  try {
    return parsePreferences(window.localStorage.getItem(keyOf(profileId)))
  } catch {
    return plainPreferences
  }
}

export const getPreferences = (): PlayerPreferences => store.get().value

function keep(value: PlayerPreferences): void {
  store.set({ value })
  const { profileId } = store.get()
  if (profileId === '') return
  try {
    window.localStorage.setItem(keyOf(profileId), JSON.stringify(value))
  } catch {
    // It holds until the page is left.
  }
}

export function setPreferences(change: Partial<PlayerPreferences>): void {
  const { value } = store.get()
  const chosen = shared.filter(name => name in change)
  keep({ ...value, ...change, untold: [...new Set([...value.untold, ...chosen])] })
  void tell()
}

/** Whoever keeps what the server says of this viewer. */
let onTold: (profile: ProfileView) => void = () => {}
let isTelling = false

/** Tells the server what was chosen here. Without a network that waits for the next choice or the next page. */
async function tell(): Promise<void> {
  const { profileId, value } = store.get()
  if (isTelling || profileId === '' || value.untold.length === 0) return
  isTelling = true
  const player = Object.fromEntries(shared.filter(name => value.untold.includes(name)).map(name => [name, value[name]]))
  try {
    const profile = await callApi<ProfileView>('PATCH', '/api/profile', { player })
    if (store.get().profileId !== profileId) return
    const now = store.get().value
    keep({ ...now, untold: shared.filter(name => now.untold.includes(name) && now[name] !== player[name]) })
    onTold(profile)
  } catch {
    return
  } finally {
    isTelling = false
  }
  void tell()
}

export function usePreferences(): PlayerPreferences {
  return useSyncExternalStore(store.subscribe, getPreferences, () => plainPreferences)
}

/** Reads what this profile chose, here and elsewhere, as soon as it is known whose screen this is. Mount once. */
export function useProfilePreferences(): void {
  const client = useQueryClient()
  const profile = useQuery(meQuery).data?.profile
  useEffect(() => {
    if (!profile) return
    onTold = told => client.setQueryData<MeView>(meQuery.queryKey, me => me && { ...me, profile: told })
    if (store.get().profileId !== profile.id) {
      store.set({ profileId: profile.id, value: read(profile.id) })
      rememberLast(profile.id)
    }
    keep(adoptChoices(getPreferences(), profile.player))
    void tell()
  }, [client, profile])
}
