import { getSignUpMode, isSetUp } from '@/lib/accounts'
import { route } from '@/lib/edge'
import { env } from '@/lib/platform/env'
import { mailConfigured } from '@/lib/platform/mail'

/** What the door looks like to somebody who is not signed in. */
export const GET = route({
  who: 'public',
  run: async () => {
    const { OIDC_ISSUER, OIDC_NAME } = env()
    return {
      setupNeeded: !(await isSetUp()),
      signUpMode: await getSignUpMode(),
      oidc: OIDC_ISSUER ? { name: OIDC_NAME } : null,
      mail: mailConfigured(),
    }
  },
})
