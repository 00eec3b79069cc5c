'use client'

import { useQuery } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { meQuery } from '@/components/shell/queries'
import { type CaptionStyle, plainCaptions } from './caption-style'
import { createStore } from './engine/store'
import type { CustomKeys } from './key-bindings'

/** What a profile chose for the player on this device. */
export interface PlayerPreferences {
  keys: CustomKeys
  /** Language that was picked last; empty while nobody has. */
  audio: string
  /** The same for subtitles, or `off`. */
  subtitles: string
  captions: CaptionStyle
  /** After a short rewind subtitles come on until the picture is where it was. */
  replaySubtitles: boolean
  /** Quiet voices up, bangs down. */
  nightMode: boolean
  /** Every channel about equally loud. */
  levelling: boolean
  /** Five speakers mixed down to two. */
  stereo: boolean
  /** The highest picture that is fetched: `off`, `auto` (by what the device says of its connection), or lines. */
  dataSaver: string
  /** Channels watched last, the newest first. */
  recent: readonly number[]
  /** Channels of the multiview. */
  tiles: readonly number[]
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
}

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
  return { ...plainPreferences, ...Object.fromEntries(kept) }
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

export function setPreferences(change: Partial<PlayerPreferences>): void {
  const { profileId, value } = store.get()
  const next = { ...value, ...change }
  store.set({ value: next })
  if (profileId === '') return
  try {
    window.localStorage.setItem(keyOf(profileId), JSON.stringify(next))
  } catch {
    // It holds until the page is left.
  }
}

export function usePreferences(): PlayerPreferences {
  return useSyncExternalStore(store.subscribe, getPreferences, () => plainPreferences)
}

/** Reads what this profile chose as soon as it is known whose screen this is. Mount once. */
export function useProfilePreferences(): void {
  const profileId = useQuery(meQuery).data?.profile.id
  useEffect(() => {
    if (!profileId || store.get().profileId === profileId) return
    store.set({ profileId, value: read(profileId) })
    try {
      window.localStorage.setItem(LAST, profileId)
    } catch {
      // The next page begins with what is plain.
    }
  }, [profileId])
}
