import 'server-only'
import { createTransport, type Transporter } from 'nodemailer'
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

const SEND_DEADLINE_MS = 15_000

export const mailConfigured = (): boolean => env().SMTP_URL !== undefined

/** Sends a mail through the configured server. @throws Error when none is configured or it does not take the mail */
export async function sendMail(mail: Mail): Promise<void> {
  const url = env().SMTP_URL
  if (!url) throw new Error('SMTP_URL is not set')
  const transport = shared<Transporter>('mail', () =>
    createTransport({
      url,
      connectionTimeout: SEND_DEADLINE_MS,
      greetingTimeout: SEND_DEADLINE_MS,
      socketTimeout: SEND_DEADLINE_MS,
    }),
  )
  const { id, ...rest } = mail
  await transport.sendMail({ from: env().MAIL_FROM, ...rest, ...(id ? { messageId: id } : {}) })
  log().info({ subject: mail.subject }, 'a mail was sent')
}
