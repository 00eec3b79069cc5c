import { queryOptions } from '@tanstack/react-query'
import { getView } from '@/components/shell/api'
import type { LineView } from '@/lib/accounts/schema'
import type { BouquetView } from '@/lib/catalogue/schema'
import { SECOND } from '@/lib/kernel/time'

export const linesQuery = queryOptions({
  queryKey: ['lines'],
  queryFn: ({ signal }) => getView<LineView[]>('/api/lines', signal),
  // "Seen" and the streams that run move by themselves.
  refetchInterval: 15 * SECOND,
})

/** Administrators only. */
export const bouquetsQuery = queryOptions({
  queryKey: ['bouquets'],
  queryFn: ({ signal }) => getView<BouquetView[]>('/api/bouquets', signal),
})
