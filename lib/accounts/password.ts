import 'server-only'
import { hash, verify } from '@node-rs/argon2'

// Argon2id, 19 MiB, 2 passes, 1 lane: OWASP's first recommendation; about 25 ms on a small core.
const options = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

let dummy: Promise<string> | undefined

export const hashPassword = (password: string): Promise<string> => hash(password, options)

/** Checks a password; an account without one costs the same time, so that names cannot be told apart by the clock. */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  dummy ??= hashPassword('no such account')
  const matches = await verify(stored ?? (await dummy), password)
  return stored !== null && matches
}
