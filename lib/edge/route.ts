import 'server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Viewer } from '@/lib/accounts/schema'
import { AppError } from '@/lib/kernel/errors'
import { countAgainst, type LimitName } from '@/lib/platform/limits'
import { clientAddress } from './client-address'
import { parseWith, readJson, readQuery } from './parse'
import { respondJson, respondProblem } from './respond'
import { findRequestViewer } from './session'

export type Audience = 'public' | 'viewer' | 'admin'
type ViewerOf<Who extends Audience> = Who extends 'public' ? Viewer | null : Viewer

interface Declaration<Who extends Audience, Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  /** Who may call. Whether the thing asked for is theirs is decided by the room. */
  who: Who
  params?: Params
  query?: Query
  body?: Body
  /** Bytes; 64 KiB unless said otherwise. */
  maxBodyBytes?: number
  /** A limit beside the general one, counted per account (per address for strangers). */
  limit?: LimitName
  status?: number
  run: (input: {
    viewer: ViewerOf<Who>
    params: z.output<Params>
    query: z.output<Query>
    body: z.output<Body>
    request: Request
    address: string
  }) => Promise<unknown>
}

/** A handler that carries its policy; the house test refuses route files that export anything else. */
export interface Handler {
  (request: Request, context: { params: Promise<Record<string, string | string[]>> }): Promise<Response>
  policy: { who: Audience }
}

const DEFAULT_BODY_BYTES = 65_536
const nothing = z.strictObject({})

/** The only way to make a JSON handler: who may call, what comes in, and one form for every failure. */
export function route<Who extends Audience, Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  declaration: Declaration<Who, Params, Query, Body>,
): Handler {
  const handler = async (
    request: Request,
    context: { params: Promise<Record<string, string | string[]>> },
  ): Promise<Response> => {
    const requestId = randomUUID()
    try {
      requireOwnOrigin(request)
      const address = clientAddress(request.headers)
      const viewer = await requireAudience(declaration.who, address)
      if (declaration.limit) await countAgainst(declaration.limit, viewer?.accountId ?? address)
      const data = await declaration.run({
        viewer: viewer as ViewerOf<Who>,
        params: parseWith(declaration.params ?? nothing, (await context.params) ?? {}) as z.output<Params>,
        query: parseWith(declaration.query ?? nothing, readQuery(new URL(request.url))) as z.output<Query>,
        body: (await readBody(declaration.body, request, declaration.maxBodyBytes)) as z.output<Body>,
        request,
        address,
      })
      return data instanceof Response ? data : respondJson(data, declaration.status)
    } catch (error) {
      return respondProblem(error, requestId)
    }
  }
  return Object.assign(handler, { policy: { who: declaration.who } })
}

/** For a library's own handler (next-auth): public by declaration, errors are its own. */
export const foreignRoute = (handler: (request: Request, context: never) => Promise<Response>): Handler =>
  Object.assign(handler as (request: Request, context: unknown) => Promise<Response>, { policy: { who: 'public' as const } })

async function requireAudience(who: Audience, address: string): Promise<Viewer | null> {
  const viewer = await findRequestViewer()
  await countAgainst(viewer ? 'api' : 'anonymous', viewer?.accountId ?? address)
  if (who === 'public') return viewer
  if (!viewer) throw new AppError('NOT_SIGNED_IN')
  if (who === 'admin' && viewer.role !== 'admin') throw new AppError('FORBIDDEN')
  return viewer
}

async function readBody(schema: z.ZodType | undefined, request: Request, maxBytes = DEFAULT_BODY_BYTES): Promise<unknown> {
  if (!schema) return undefined
  return parseWith(schema, await readJson(request, maxBytes))
}

/** Writes must come from our own pages: browsers say so in Sec-Fetch-Site, or at least in Origin (reliability.md B39). */
function requireOwnOrigin(request: Request): void {
  if (request.headers.has('next-action')) throw new AppError('NOT_FOUND')
  if (request.method === 'GET' || request.method === 'HEAD') return
  const site = request.headers.get('sec-fetch-site')
  const origin = request.headers.get('origin')
  const sameOrigin = origin === null || URL.parse(origin)?.host === request.headers.get('host')
  if (!sameOrigin || (site !== null && site !== 'same-origin' && site !== 'none')) throw new AppError('BAD_ORIGIN')
}
