import { z } from 'zod'

export const Role = z.enum(['viewer', 'reseller', 'admin'])
export type Role = z.infer<typeof Role>

/** Who is asking: the signed-in account, the profile in use, and the session that carries both. */
export interface Viewer {
  accountId: string
  profileId: string
  sessionId: string
  role: Role
}

// Full-width and other look-alike forms are folded first, so that one address cannot be two accounts.
export const Email = z
  .string()
  .max(254)
  .transform(value => value.normalize('NFKC').trim().toLowerCase())
  .pipe(z.email('Write an address like name@example.com.'))

export const Password = z.string().min(10, 'Use at least 10 characters.').max(200, 'Use at most 200 characters.')
const Name = z.string().trim().min(1, 'Give a name.').max(80)

export const SetupInput = z.strictObject({ name: Name, email: Email, password: Password })
export type SetupInput = z.infer<typeof SetupInput>

export const SignUpInput = z.strictObject({
  name: Name,
  email: Email,
  password: Password,
  invite: z.string().max(100).optional(),
})
export type SignUpInput = z.infer<typeof SignUpInput>

export const SignInInput = z.object({ email: Email, password: z.string().min(1).max(200) })
export type SignInInput = z.infer<typeof SignInInput>

export const PasswordChangeInput = z.strictObject({ current: z.string().max(200), next: Password })
export const ResetRequestInput = z.strictObject({ email: Email })
export const ResetInput = z.strictObject({ token: z.string().min(20).max(100), password: Password })

export const SignUpMode = z.enum(['open', 'invite', 'closed'])
export type SignUpMode = z.infer<typeof SignUpMode>

export const AccountView = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  role: Role,
  createdAt: z.string(),
})
export type AccountView = z.infer<typeof AccountView>

export const SessionView = z.object({
  id: z.uuid(),
  device: z.string(),
  address: z.string(),
  createdAt: z.string(),
  lastSeenAt: z.string(),
  current: z.boolean(),
})
export type SessionView = z.infer<typeof SessionView>

export const InviteInput = z.strictObject({ note: z.string().trim().max(120).default(''), role: Role.default('viewer') })
export const InviteView = z.object({ id: z.uuid(), note: z.string(), role: Role, expiresAt: z.string(), used: z.boolean() })
export type InviteView = z.infer<typeof InviteView>
