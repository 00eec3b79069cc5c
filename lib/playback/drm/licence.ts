import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import { readBody, safeFetch } from '@/lib/platform/fetch'
import { countAgainst } from '@/lib/platform/limits'
import { addressOf, type SessionPlan } from '../session-plans'
import { answerClearKey } from './clear-keys'
import { type DrmInput, KeySystem, type LicenceServer } from './drm-config'
import { buildLicenceCall, readLicence } from './licence-forms'
import { drmOf } from './session-drm'

/** Longest question for a licence, in bytes (reliability.md B34). */
export const MAX_CHALLENGE_BYTES = 65_536
const MAX_LICENCE_BYTES = 2 ** 20
const TOTAL_MS = 10_000

/**
 * Asks for a licence on behalf of a playback session. Which server is asked, and with which tokens, stands in the item's own settings:
 * nothing of it comes from the browser. Throws NOT_FOUND for a system the item has no licence for, LICENCE_INVALID, LICENCE_TOO_LARGE,
 * LICENCE_REFUSED, TOO_MANY_REQUESTS and the UPSTREAM_* codes.
 */
export async function requestLicence(plan: SessionPlan, name: string, challenge: Buffer): Promise<Buffer> {
  if (challenge.length === 0) throw new AppError('LICENCE_INVALID')
  if (challenge.length > MAX_CHALLENGE_BYTES) throw new AppError('LICENCE_TOO_LARGE')
  const { config, server } = await requireSystem(plan, name)
  await countAgainst('licence', plan.record.accountId)
  if (server === null) return answerClearKey(challenge, config.clearKeys)
  return askServer(plan, server, challenge)
}

/** FairPlay's application certificate. Throws NOT_FOUND when none is set. */
export async function requestCertificate(plan: SessionPlan, name: string): Promise<Buffer> {
  const { server } = await requireSystem(plan, name)
  if (server?.certificateUrl === undefined) throw new AppError('NOT_FOUND')
  await countAgainst('licence', plan.record.accountId)
  return call(plan, { url: server.certificateUrl, method: 'GET', headers: {} }).then(({ body }) => body)
}

/** The settings of one system; `server: null` means that we hold its keys ourselves. */
async function requireSystem(plan: SessionPlan, name: string): Promise<{ config: DrmInput; server: LicenceServer | null }> {
  const config = await drmOf(plan)
  const system = KeySystem.safeParse(name).data
  const server = config?.servers.find(one => one.system === system)
  if (config !== null && server !== undefined) return { config, server }
  const isOurs = config !== null && system === 'org.w3.clearkey' && Object.keys(config.clearKeys).length > 0
  if (!isOurs) throw new AppError('NOT_FOUND')
  return { config, server: null }
}

async function askServer(plan: SessionPlan, server: LicenceServer, challenge: Buffer): Promise<Buffer> {
  const { id: sessionId, accountId } = plan.record
  const { headers, body } = buildLicenceCall(server, challenge, { sessionId, accountId })
  const answer = await call(plan, { url: server.url, method: 'POST', headers, body })
  return readLicence(server.form, server.system, answer)
}

interface Call {
  url: string
  method: 'GET' | 'POST'
  headers: Record<string, string>
  body?: Buffer
}

async function call(plan: SessionPlan, request: Call): Promise<{ type: string; body: Buffer }> {
  const source = plan.sources.find(({ id }) => id === plan.record.sourceId)
  const privateNetworks = source === undefined ? [] : (await addressOf(plan, source)).privateNetworks
  const response = await safeFetch({
    ...request,
    // A licence server that sends elsewhere would get our tokens there.
    maxRedirects: 0,
    headersTimeoutMs: TOTAL_MS,
    totalTimeoutMs: TOTAL_MS,
    maxBytes: MAX_LICENCE_BYTES,
    privateNetworks,
    signal: plan.over.signal,
  })
  try {
    if (response.status === 401 || response.status === 403)
      throw new AppError('LICENCE_REFUSED', { message: `licence server ${response.status}` })
    if (response.status < 200 || response.status >= 300) {
      throw new AppError('UPSTREAM_PROTOCOL_ERROR', { message: `licence server ${response.status}` })
    }
    return { type: response.headers['content-type'] ?? '', body: await readBody(response, { maxBytes: MAX_LICENCE_BYTES }) }
  } finally {
    response.cancel()
  }
}
