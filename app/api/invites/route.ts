import { createInvite, listInvites } from '@/lib/accounts'
import { InviteInput } from '@/lib/accounts/schema'
import { route } from '@/lib/edge'
import { env } from '@/lib/platform/env'

export const GET = route({ who: 'admin', run: ({ viewer }) => listInvites(viewer) })

/** The link is shown once: only a hash of its token is kept. It rides in the fragment, which no server log sees. */
export const POST = route({
  who: 'admin',
  body: InviteInput,
  status: 201,
  run: async ({ viewer, body }) => {
    const { invite, token } = await createInvite(viewer, body)
    return { invite, link: `${env().PUBLIC_URL}/sign-up#${token}` }
  },
})
