import 'server-only'
import { z } from 'zod'
import { env } from '@/lib/platform/env'
import { log } from '@/lib/platform/log'
import { mailConfigured, sendMail } from '@/lib/platform/mail'
import { declareJob, type Job } from '@/lib/platform/queue'
import { hashToken, newToken } from '@/lib/platform/secrets'
import { createReset, findAccountForSignIn } from './store'

const RESET_MINUTES = 60

export const resetMailJob = declareJob({
  name: 'accounts.reset-mail',
  payload: z.object({ email: z.string() }),
  retries: 3,
  timeoutSeconds: 60,
  concurrency: 2,
  run: ({ email }) => mailResetLink(email),
})

/** Mails a link to the account with this address, if there is one. */
async function mailResetLink(email: string): Promise<void> {
  const account = await findAccountForSignIn(email)
  if (!account || account.disabledAt) return
  if (!mailConfigured()) {
    log().warn('a password reset was asked for, but SMTP_URL is not set; `npm run password-link -- ADDRESS` makes a link')
    return
  }
  const token = newToken()
  await createReset(account.id, hashToken(token), new Date(Date.now() + RESET_MINUTES * 60_000))
  const link = `${env().PUBLIC_URL}/reset#${token}`
  const text = `Hello ${account.name},\n\nyou can choose a new password here within the next hour:\n\n${link}\n\nIf you did not ask for this, nothing changes.\n`
  await sendMail({ to: email, subject: 'A new password for WatchTheFlix', text })
}

export const accountJobs: readonly Job[] = [resetMailJob]
