import { queryOptions } from '@tanstack/react-query'
import type { AccountView, SignUpMode } from '@/lib/accounts/schema'
import { MINUTE } from '@/lib/kernel/time'
import type { ProfileView } from '@/lib/profiles/schema'
import { getView } from './api'

export interface MeView {
  account: AccountView
  profile: ProfileView
  signUpMode: SignUpMode
  passwordSet: boolean
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => getView<MeView>('/api/me', signal),
  staleTime: 5 * MINUTE,
})
