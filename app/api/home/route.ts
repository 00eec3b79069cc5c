import { getHome } from '@/lib/catalogue'
import { route } from '@/lib/edge'

export const GET = route({ who: 'viewer', run: ({ viewer }) => getHome(viewer) })
