import 'server-only'
import type { Hono } from 'hono'
import { findPictureForApps } from '@/lib/catalogue'
import { AppError } from '@/lib/kernel/errors'
import { env } from '@/lib/platform/env'
import { getPicture } from '@/lib/platform/pictures'
import { streamAccess } from '@/lib/playback'
import { addApiRoutes } from './api-routes'
import type { GatewayEnv } from './app'
import { addGuideRoutes } from './guide-routes'
import { addLineRoutes } from './line-routes'
import { readPictureLink } from './picture-links'
import { addPlaylistRoutes } from './playlist-routes'
import { openToAll, sendBytes } from './send-answer'
import { answerSlate } from './slates'
import { addStreamRoutes } from './stream-routes'

const PICTURE_WIDTH = 384

/** Everything another app needs: lists, guide, streams and pictures under a device line's credentials. */
export function addXtream(app: Hono<GatewayEnv>): void {
  const options = { origins: ownOrigins() }
  addApiRoutes(app, options)
  addPlaylistRoutes(app, options)
  addGuideRoutes(app, options)
  app.get('/hls/slate/:file', context => answerSlate(context, context.req.param('file')))
  addStreamRoutes(app, '/hls', streamAccess('line'))
  app.get('/images/:name', async context => {
    const found = await findPictureForApps(readPictureLink(context.req.param('name')))
    if (found === null) throw new AppError('NOT_FOUND')
    const headers = { 'content-type': 'image/webp', 'cache-control': 'public, max-age=31536000, immutable', ...openToAll }
    return sendBytes(context, await getPicture(found, PICTURE_WIDTH), headers)
  })
  addLineRoutes(app)
}

/** The main address first. */
export const ownOrigins = (): string[] => [env().PUBLIC_URL, ...env().ORIGINS]
