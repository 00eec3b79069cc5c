import { route } from '@/lib/edge'
import { startGuideSource } from '@/lib/epg'
import { GuideSourceId } from '@/lib/epg/schema'

export const POST = route({
  who: 'viewer',
  params: GuideSourceId,
  limit: 'providerCheck',
  run: ({ viewer, params }) => startGuideSource(viewer, params.id),
})
