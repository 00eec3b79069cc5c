import 'server-only'
import { noteSourceResult, type SourceRecord } from '@/lib/catalogue'
import { AppError, toAppError } from '@/lib/kernel/errors'
import { log } from '@/lib/platform/log'
import { dialFile, dialHls } from './dial'
import { createHlsProxy } from './hls-proxy'
import { playbackKeyring } from './keys'
import { findObstacle, findPlanRelay, openPlanRelay } from './live-relays'
import { createLiveStream } from './live-stream'
import { fileNameOf } from './media-types'
import { addressOf, endWithSession, holdStream, requirePlan, type SessionPlan, slotOf } from './session-plans'
import type { StreamAccess } from './stream-access'
import { addressFor } from './stream-links'
import { type TokenKind, verifyToken } from './tokens'
import { openFile } from './vod'

/** How the gateway finds the streams of playback sessions. */
export const streamAccess: StreamAccess = {
  live: async (token, hop) => {
    const { plan } = await open(token, 'live')
    return createLiveStream({
      sessionId: plan.record.id,
      open: () => openPlanRelay(plan, hop),
      onRaw: output => endWithSession(plan, output),
      find: () => findPlanRelay(plan),
      obstacle: relay => findObstacle(plan, relay),
      hlsAddress: sourceId => addressFor(plan, { kind: 'hls', sourceId: Number(sourceId) }),
    })
  },
  hls: async (token, hop) => {
    const { plan, source } = await open(token, 'hls')
    const address = await addressOf(plan, source)
    const slot = slotOf(plan, source, address.maxConnections)
    return createHlsProxy({
      sessionId: plan.record.id,
      keyring: playbackKeyring,
      rootUrl: address.hls ?? address.url,
      fetch: async (url, headers, signal) => {
        const response = await slot.use(signal, both => dialHls(address, url, { headers, signal: both, hop }))
        holdStream(plan, response.body)
        return response
      },
    })
  },
  file: async (token, hop) => {
    const { plan, source, name } = await open(token, 'file')
    return {
      open: async request => {
        const address = await addressOf(plan, source)
        const slot = slotOf(plan, source, address.maxConnections)
        plan.body?.destroy()
        const answer = await openFile({
          method: request.method,
          range: request.range,
          name,
          connect: headers => slot.use(request.signal, signal => dialFile(address, { headers, signal, hop })),
        }).catch(error => {
          if (!request.signal.aborted) blame(source, error)
          throw error
        })
        plan.body = answer.body
        if (answer.body !== null) endWithSession(plan, answer.body)
        return answer
      },
    }
  },
}

/** Faults of the provider put the source behind the others; a full login says nothing about it. */
function blame(source: SourceRecord, error: unknown): void {
  const { code } = toAppError(error)
  if (!/^(UPSTREAM_|NO_SOURCE|PROVIDER_DOWN|PROVIDER_BLOCKS_US)/.test(code)) return
  noteSourceResult(source.id, false).catch(cause => log().warn({ err: cause }, 'the health of a source could not be noted'))
}

async function open(token: string, kind: TokenKind): Promise<{ plan: SessionPlan; source: SourceRecord; name: string }> {
  const claims = verifyToken(playbackKeyring, token, { now: Date.now() / 1_000, scope: { kind } })
  const plan = await requirePlan(claims.sessionId)
  // A token and its session name the same things; a mismatch means that one of them is not what it seems.
  if (claims.profileId !== plan.record.profileId || claims.itemId !== plan.record.itemId) throw new AppError('TOKEN_SCOPE')
  const source = plan.sources.find(({ id }) => id === claims.sourceId)
  if (source === undefined) throw new AppError('NO_SOURCE')
  return { plan, source, name: fileNameOf(source) }
}
