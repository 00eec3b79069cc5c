import 'server-only'
import type { Hono } from 'hono'
import { shared } from '@/lib/platform/shared'
import { findPlaying, type Playing } from '@/lib/playback'
import type { GatewayEnv } from './app'
import type { GatewayContext } from './caller'

type Listener = (playing: Playing, text: string) => void

/** The four headers over which players spread what they may also say in one argument (CTA-5004). */
export const clientDataHeaders = ['cmcd-request', 'cmcd-object', 'cmcd-status', 'cmcd-session']

const ear = () => shared<{ listener: Listener | null }>('client-data-ear', () => ({ listener: null }))

/** Who hears what players say of themselves with requests that were answered. */
export function onClientData(listener: Listener): void {
  ear().listener = listener
}

/** Listens to the streams below `root`. Whose word it is, the token of the request says and nothing in the word itself. */
export function hearClientData(app: Hono<GatewayEnv>, root: '/stream' | '/hls'): void {
  app.use(`${root}/:kind/:token/*`, async (context, next) => {
    await next()
    const { listener } = ear()
    if (listener === null || context.req.method !== 'GET' || !context.res.ok) return
    const text = readClientData(context)
    if (text === '') return
    const playing = findPlaying(context.req.param('token'))
    if (playing !== null) listener(playing, text)
  })
}

function readClientData(context: GatewayContext): string {
  const argument = context.req.query('CMCD')
  if (argument !== undefined) return argument
  return clientDataHeaders.flatMap(name => context.req.header(name) ?? []).join(',')
}
