import { ItemParams } from '@/lib/catalogue/schema'
import { route } from '@/lib/edge'
import { decideGuide } from '@/lib/epg'
import { MatchDecision } from '@/lib/epg/schema'

export const PUT = route({
  who: 'viewer',
  params: ItemParams,
  body: MatchDecision,
  run: ({ viewer, params, body }) => decideGuide(viewer, params.id, body),
})
