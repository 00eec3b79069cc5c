import { route } from '@/lib/edge'
import { addGuideSource, listGuideSources } from '@/lib/epg'
import { GuideSourceInput } from '@/lib/epg/schema'

export const GET = route({ who: 'viewer', run: ({ viewer }) => listGuideSources(viewer) })

export const POST = route({
  who: 'viewer',
  body: GuideSourceInput,
  // An uploaded guide rides in the body.
  maxBodyBytes: 24_000_000,
  limit: 'providerCheck',
  status: 201,
  run: ({ viewer, body }) => addGuideSource(viewer, body),
})
