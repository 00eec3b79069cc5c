import { AppError } from '@/lib/kernel/errors'

/** @throws ACCESS_ENDED once the end of an account's time has come */
export function requireAccess(endsAt: Date | null, now = new Date()): void {
  if (endsAt === null || endsAt > now) return
  const day = endsAt.toLocaleDateString('en-GB', { dateStyle: 'long', timeZone: 'UTC' })
  const say = `The time of this account was over on ${day}. Ask the person who runs this server to extend it.`
  throw new AppError('ACCESS_ENDED', { say })
}
