import { route } from '@/lib/edge'

export const dynamic = 'force-dynamic'

/** The process answers. */
export const GET = route({ who: 'public', run: async () => ({ live: true }) })
