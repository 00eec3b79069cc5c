import { queryOptions } from '@tanstack/react-query'
import type { AccountView, SignUpMode } from '@/lib/accounts/schema'
import { MINUTE } from '@/lib/kernel/time'
import type { ProfileView } from '@/lib/profiles/schema'
import { getView } from './api'
import { forgetKept } from './kept'

export interface MeView {
  account: AccountView
  profile: ProfileView
  signUpMode: SignUpMode
  passwordSet: boolean
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }) => {
    const me = await getView<MeView>('/api/me', signal)
    void forgetKept(me.profile.id)
    return me
  },
  staleTime: 5 * MINUTE,
})
