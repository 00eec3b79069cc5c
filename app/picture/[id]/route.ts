import { z } from 'zod'
import { findPicture } from '@/lib/catalogue'
import { ItemId } from '@/lib/catalogue/schema'
import { route } from '@/lib/edge'
import { AppError } from '@/lib/kernel/errors'
import { getPicture } from '@/lib/platform/pictures'

const Query = z.object({
  w: z.coerce.number().int().min(16).max(4_000).default(384),
  which: z.enum(['poster', 'backdrop']).default('poster'),
  /** Changes when the provider's picture does, so that browsers may keep each one for good. */
  v: z.string().max(40).optional(),
})

export const GET = route({
  who: 'viewer',
  params: z.object({ id: ItemId }),
  query: Query,
  run: async ({ viewer, params, query }) => {
    const found = await findPicture(viewer, params.id, query.which)
    if (!found) throw new AppError('NOT_FOUND')
    const picture = await getPicture(found, query.w)
    const headers = {
      'content-type': 'image/webp',
      'cache-control': query.v ? 'private, max-age=31536000, immutable' : 'private, max-age=3600',
    }
    return new Response(new Uint8Array(picture), { headers })
  },
})
