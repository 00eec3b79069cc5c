import { changePassword } from '@/lib/accounts'
import { PasswordChangeInput } from '@/lib/accounts/schema'
import { route } from '@/lib/edge'

export const PUT = route({ who: 'viewer', body: PasswordChangeInput, run: ({ viewer, body }) => changePassword(viewer, body) })
