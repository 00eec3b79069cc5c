import { ItemParams } from '@/lib/catalogue/schema'
import { route } from '@/lib/edge'
import { deleteHistory } from '@/lib/profiles'

export const DELETE = route({ who: 'viewer', params: ItemParams, run: ({ viewer, params }) => deleteHistory(viewer, params.id) })
