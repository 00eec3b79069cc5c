import { signUp } from '@/lib/accounts'
import { SignUpInput } from '@/lib/accounts/schema'
import { route } from '@/lib/edge'

export const POST = route({ who: 'public', body: SignUpInput, status: 201, run: ({ body, address }) => signUp(body, address) })
