import { queryOptions } from '@tanstack/react-query'
import { getView } from '@/components/shell/api'
import type { InviteView, SessionView, SignUpMode } from '@/lib/accounts/schema'

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) => getView<SessionView[]>('/api/sessions', signal),
})

export const houseQuery = queryOptions({
  queryKey: ['house'],
  queryFn: ({ signal }) => getView<{ signUpMode: SignUpMode }>('/api/settings', signal),
})

export const invitesQuery = queryOptions({
  queryKey: ['invites'],
  queryFn: ({ signal }) => getView<InviteView[]>('/api/invites', signal),
})
