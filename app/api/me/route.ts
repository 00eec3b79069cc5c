import { findAccount, findPasswordHash, getSignUpMode, toAccountView } from '@/lib/accounts'
import { route } from '@/lib/edge'
import { AppError } from '@/lib/kernel/errors'
import { getProfile } from '@/lib/profiles'

export const GET = route({
  who: 'viewer',
  run: async ({ viewer }) => {
    const account = await findAccount(viewer.accountId)
    if (!account) throw new AppError('NOT_SIGNED_IN')
    return {
      account: toAccountView(account),
      profile: await getProfile(viewer),
      signUpMode: await getSignUpMode(),
      passwordSet: (await findPasswordHash(viewer.accountId)) !== null,
    }
  },
})
