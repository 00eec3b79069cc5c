import { getItem } from '@/lib/catalogue'
import { ItemParams } from '@/lib/catalogue/schema'
import { route } from '@/lib/edge'

export const GET = route({ who: 'viewer', params: ItemParams, run: ({ viewer, params }) => getItem(viewer, params.id) })
