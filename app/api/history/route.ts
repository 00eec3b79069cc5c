import { listHistory } from '@/lib/catalogue'
import { route } from '@/lib/edge'
import { deleteHistory } from '@/lib/profiles'

export const GET = route({ who: 'viewer', run: ({ viewer }) => listHistory(viewer) })

export const DELETE = route({ who: 'viewer', run: ({ viewer }) => deleteHistory(viewer) })
