import 'server-only'
import { Readable } from 'node:stream'
import { createTransport } from 'nodemailer'
import { SECOND } from '@/lib/kernel/time'
import { env } from './env'
import { log } from './log'

export interface Mail {
  to: string
  subject: string
  text: string
  /** Message-ID, for a mail that must be known again. */
  id?: string
  /** Awaited when the server has all but the end of the mail, without which it takes nothing; when it fails, the end stays here. */
  beforeEnd?: () => Promise<void>
}

/** For all of a mail, then for the answer to its end, and for each silence of the server inside of it. */
export const MAIL_DEADLINE_MS = 15 * SECOND

export const mailConfigured = (): boolean => env().SMTP_URL !== undefined

/** Sends a mail through the configured server. @throws Error when none is configured or it does not take the mail in time */
export async function sendMail({ id, beforeEnd, ...mail }: Mail): Promise<void> {
  const url = env().SMTP_URL
  if (!url) throw new Error('SMTP_URL is not set')
  const transport = createTransport({
    url,
    connectionTimeout: MAIL_DEADLINE_MS,
    greetingTimeout: MAIL_DEADLINE_MS,
    socketTimeout: MAIL_DEADLINE_MS,
  })
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), MAIL_DEADLINE_MS)
  if (beforeEnd)
    transport.use('stream', ({ message }, done) => {
      message.processFunc(input => Readable.from(holdEnd(input, () => beforeEnd().then(() => void timer.refresh()))))
      done()
    })
  try {
    await transport.sendMail({ from: env().MAIL_FROM, ...mail, ...(id ? { messageId: id } : {}), signal: late.signal })
  } finally {
    clearTimeout(timer)
  }
  log().info({ subject: mail.subject }, 'a mail was sent')
}

/** The text of a mail as it is read: not before the server asks for it, and with its end held back. */
async function* holdEnd(text: AsyncIterable<unknown>, beforeEnd: () => Promise<void>) {
  yield* text
  await beforeEnd()
}
