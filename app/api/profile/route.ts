import { route } from '@/lib/edge'
import { getProfile, updateProfile } from '@/lib/profiles'
import { ProfileInput } from '@/lib/profiles/schema'

export const GET = route({ who: 'viewer', run: ({ viewer }) => getProfile(viewer) })

export const PATCH = route({ who: 'viewer', body: ProfileInput, run: ({ viewer, body }) => updateProfile(viewer, body) })
