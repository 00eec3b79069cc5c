import { queryOptions } from '@tanstack/react-query'
import { getView } from '@/components/shell/api'
import type { SignUpMode } from '@/lib/accounts/schema'

export interface EntryView {
  setupNeeded: boolean
  signUpMode: SignUpMode
  oidc: { name: string } | null
  /** False when this server cannot send mail. */
  mail: boolean
}

/** What the door of this server looks like; readable by anyone. */
export const entryQuery = queryOptions({
  queryKey: ['entry'],
  queryFn: ({ signal }) => getView<EntryView>('/api/entry', signal),
})
