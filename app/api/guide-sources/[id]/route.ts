import { route } from '@/lib/edge'
import { changeGuideSource, removeGuideSource } from '@/lib/epg'
import { GuideSourceChange, GuideSourceId } from '@/lib/epg/schema'

export const PATCH = route({
  who: 'viewer',
  params: GuideSourceId,
  body: GuideSourceChange,
  maxBodyBytes: 24_000_000,
  limit: 'providerCheck',
  run: ({ viewer, params, body }) => changeGuideSource(viewer, params.id, body),
})

export const DELETE = route({
  who: 'viewer',
  params: GuideSourceId,
  run: ({ viewer, params }) => removeGuideSource(viewer, params.id),
})
