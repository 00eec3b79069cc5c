import { z } from 'zod'
import { getSignUpMode, updateSignUpMode } from '@/lib/accounts'
import { SignUpMode } from '@/lib/accounts/schema'
import { route } from '@/lib/edge'

const Settings = z.strictObject({ signUpMode: SignUpMode })

export const GET = route({ who: 'admin', run: async () => ({ signUpMode: await getSignUpMode() }) })

export const PUT = route({ who: 'admin', body: Settings, run: ({ viewer, body }) => updateSignUpMode(viewer, body.signUpMode) })
