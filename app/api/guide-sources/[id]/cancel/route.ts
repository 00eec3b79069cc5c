import { route } from '@/lib/edge'
import { cancelGuideSource } from '@/lib/epg'
import { GuideSourceId } from '@/lib/epg/schema'

export const POST = route({
  who: 'viewer',
  params: GuideSourceId,
  run: ({ viewer, params }) => cancelGuideSource(viewer, params.id),
})
