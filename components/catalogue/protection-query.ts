import { queryOptions } from '@tanstack/react-query'
import { getView } from '@/components/shell/api'
import type { DrmView } from '@/lib/playback/schema'

export const protectionQuery = (itemId: number) =>
  queryOptions({
    queryKey: ['protection', itemId],
    queryFn: ({ signal }) => getView<DrmView>(`/api/items/${itemId}/drm`, signal),
  })
