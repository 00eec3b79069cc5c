import { route } from '@/lib/edge'
import { answerFacts } from '@/lib/gateway'

/** What the Xtream endpoints keep in memory: hit rates, sizes and ages. */
export const GET = route({ who: 'admin', run: async () => answerFacts() })
