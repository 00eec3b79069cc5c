import { z } from 'zod'

export const ProfileView = z.object({
  id: z.uuid(),
  name: z.string(),
  picture: z.string(),
  language: z.string(),
  hiddenProviders: z.array(z.number().int()),
})
export type ProfileView = z.infer<typeof ProfileView>

export const ProfileInput = z
  .strictObject({
    name: z.string().trim().min(1).max(40),
    picture: z.string().max(40),
    language: z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/),
  })
  .partial()
export type ProfileInput = z.infer<typeof ProfileInput>

/** Sent by the player every 10 s and when it closes. Seconds. */
export const ProgressInput = z.strictObject({
  itemId: z.number().int().positive(),
  positionSeconds: z.number().min(0).max(1_000_000),
  durationSeconds: z.number().min(0).max(1_000_000),
})
export type ProgressInput = z.infer<typeof ProgressInput>
