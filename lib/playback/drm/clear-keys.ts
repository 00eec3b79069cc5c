import { z } from 'zod'
import { AppError } from '@/lib/kernel/errors'

/** The licence request of the Clear Key system (W3C Encrypted Media Extensions, 9.1.3): key ids in base64url. */
const Request = z.object({
  kids: z
    .array(z.string().regex(/^[A-Za-z0-9_-]{22}$/))
    .min(1)
    .max(50),
  type: z.string().optional(),
})

/**
 * The licence for those of the wanted keys that belong to this stream. Throws LICENCE_INVALID for what is no request, LICENCE_REFUSED
 * when none of the keys is one of its own.
 */
export function answerClearKey(challenge: Buffer, clearKeys: Readonly<Record<string, string>>): Buffer {
  const { kids, type = 'temporary' } = readRequest(challenge)
  const keys = kids.flatMap(kid => {
    const id = Buffer.from(kid, 'base64url').toString('hex')
    const key = Object.hasOwn(clearKeys, id) ? clearKeys[id] : undefined
    return key === undefined ? [] : [{ kty: 'oct', kid, k: Buffer.from(key, 'hex').toString('base64url') }]
  })
  if (keys.length === 0) throw new AppError('LICENCE_REFUSED', { message: 'no such key' })
  return Buffer.from(JSON.stringify({ keys, type }))
}

function readRequest(challenge: Buffer): z.infer<typeof Request> {
  try {
    return Request.parse(JSON.parse(challenge.toString('utf8')))
  } catch (cause) {
    throw new AppError('LICENCE_INVALID', { cause })
  }
}
