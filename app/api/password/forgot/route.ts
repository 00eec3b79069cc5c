import { requestReset } from '@/lib/accounts'
import { ResetRequestInput } from '@/lib/accounts/schema'
import { route } from '@/lib/edge'

/** Answers the same whether the account exists or not. */
export const POST = route({
  who: 'public',
  body: ResetRequestInput,
  run: async ({ body, address }) => {
    await requestReset(body.email, address)
    return { sent: true }
  },
})
