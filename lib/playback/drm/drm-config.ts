import { z } from 'zod'

/** Names of EME, as browsers know them. */
export const KeySystem = z.enum(['com.widevine.alpha', 'com.microsoft.playready', 'com.apple.fps', 'org.w3.clearkey'])
export type KeySystem = z.infer<typeof KeySystem>

/** How a licence server wants to be asked: see docs/drm.md. */
export const LicenceForm = z.enum(['generic', 'axinom', 'drmtoday', 'doverunner'])
export type LicenceForm = z.infer<typeof LicenceForm>

const hex16 = z
  .string()
  .regex(/^[0-9a-f]{32}$/i, 'must be 16 bytes in hexadecimal')
  .toLowerCase()
const address = z.url({ protocol: /^https?$/ }).max(2_000)
const header = z
  .string()
  .min(1)
  .max(4_000)
  .regex(/^[\x20-\x7e]+$/)

/** Say how the request itself is sent, which is not for a setting to change. */
const ownHeaders =
  /^(host|connection|content-length|content-encoding|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*)$/i

export const LicenceServer = z.strictObject({
  system: KeySystem,
  url: address,
  form: LicenceForm.default('generic'),
  /** What the server wants to see besides: tokens, customer data. Never shown again. */
  headers: z
    .record(
      z
        .string()
        .regex(/^[A-Za-z0-9-]{1,64}$/)
        .refine(name => !ownHeaders.test(name), 'is set by the request itself'),
      header,
    )
    .default({})
    .refine(headers => Object.keys(headers).length <= 10, 'at most ten'),
  /** FairPlay's application certificate. */
  certificateUrl: address.optional(),
})
export type LicenceServer = z.infer<typeof LicenceServer>

/** How a protected stream is unlocked. */
export const DrmInput = z
  .strictObject({
    servers: z.array(LicenceServer).max(4).default([]),
    /** Key id to key, both 16 bytes in hexadecimal. */
    clearKeys: z.record(hex16, hex16).default({}),
    /** We encrypt the film ourselves with the first of the clear keys; one is made when there is none. */
    packaged: z.boolean().default(false),
  })
  .refine(({ servers }) => new Set(servers.map(({ system }) => system)).size === servers.length, 'one server a system')
  .refine(({ clearKeys }) => Object.keys(clearKeys).length <= 50, 'at most fifty keys')
export type DrmInput = z.infer<typeof DrmInput>

/** The settings as their owner sees them again: without anything secret. */
export const DrmView = z.object({
  servers: z.array(
    z.object({
      system: KeySystem,
      host: z.string(),
      form: LicenceForm,
      headers: z.array(z.string()),
      hasCertificate: z.boolean(),
    }),
  ),
  keyIds: z.array(z.string()),
  packaged: z.boolean(),
})
export type DrmView = z.infer<typeof DrmView>

/** What a player needs to know: addresses on our own server only. */
export const DrmPlayback = z.object({
  systems: z.array(z.object({ system: KeySystem, licenceUrl: z.string(), certificateUrl: z.string().nullable() })),
  /** Does it open only with keys that somebody wrote down, in a playlist or by hand? Those can be wrong. */
  hasGivenKeys: z.boolean(),
})
export type DrmPlayback = z.infer<typeof DrmPlayback>

export function toDrmView({ servers, clearKeys, packaged }: DrmInput): DrmView {
  return {
    servers: servers.map(({ system, url, form, headers, certificateUrl }) => ({
      system,
      host: new URL(url).host,
      form,
      headers: Object.keys(headers),
      hasCertificate: certificateUrl !== undefined,
    })),
    keyIds: Object.keys(clearKeys),
    packaged,
  }
}
