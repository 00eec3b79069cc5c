import { ItemParams } from '@/lib/catalogue/schema'
import { route } from '@/lib/edge'
import { searchGuideChannels } from '@/lib/epg'
import { ChannelSearch } from '@/lib/epg/schema'

/** Guide channels that a channel may be given by hand. */
export const GET = route({
  who: 'viewer',
  params: ItemParams,
  query: ChannelSearch,
  run: ({ viewer, params, query }) => searchGuideChannels(viewer, params.id, query.text),
})
