import { listPeople, signUp } from '@/lib/accounts'
import { PeopleQuery, SignUpInput } from '@/lib/accounts/schema'
import { route } from '@/lib/edge'

export const GET = route({ who: 'admin', query: PeopleQuery, run: ({ viewer, query }) => listPeople(viewer, query.after) })

export const POST = route({ who: 'public', body: SignUpInput, status: 201, run: ({ body, address }) => signUp(body, address) })
