import 'server-only'
import { createTransport, type Transporter } from 'nodemailer'
import { sleep } from '@/lib/kernel/time'
import { env } from './env'
import { log } from './log'
import { shared } from './shared'

export interface Mail {
  to: string
  subject: string
  text: string
  /** Message-ID, for a mail that must be known again. */
  id?: string
}

/** For all of a mail, and for each silence of the server inside of it. */
export const MAIL_DEADLINE_MS = 15_000

export const mailConfigured = (): boolean => env().SMTP_URL !== undefined

/** Sends a mail through the configured server. @throws Error when none is configured or it does not take the mail in time */
export async function sendMail(mail: Mail): Promise<void> {
  const url = env().SMTP_URL
  if (!url) throw new Error('SMTP_URL is not set')
  const transport = shared<Transporter>('mail', () =>
    createTransport({
      url,
      connectionTimeout: MAIL_DEADLINE_MS,
      greetingTimeout: MAIL_DEADLINE_MS,
      socketTimeout: MAIL_DEADLINE_MS,
    }),
  )
  const { id, ...rest } = mail
  const ended = new AbortController()
  const late = sleep(MAIL_DEADLINE_MS, ended.signal).then(() => {
    throw Object.assign(new Error('the mail server took too long'), { code: 'ETIMEDOUT' })
  })
  late.catch(() => undefined)
  try {
    await Promise.race([transport.sendMail({ from: env().MAIL_FROM, ...rest, ...(id ? { messageId: id } : {}) }), late])
  } finally {
    ended.abort()
  }
  log().info({ subject: mail.subject }, 'a mail was sent')
}
