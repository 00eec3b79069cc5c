import { resetPassword } from '@/lib/accounts'
import { ResetInput } from '@/lib/accounts/schema'
import { route } from '@/lib/edge'

export const POST = route({ who: 'public', body: ResetInput, run: ({ body, address }) => resetPassword(body, address) })
