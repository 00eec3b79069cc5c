import { isSetUp, setUp } from '@/lib/accounts'
import { SetupInput } from '@/lib/accounts/schema'
import { route } from '@/lib/edge'

export const GET = route({ who: 'public', run: async () => ({ needed: !(await isSetUp()) }) })

export const POST = route({ who: 'public', body: SetupInput, limit: 'signUp', status: 201, run: ({ body }) => setUp(body) })
