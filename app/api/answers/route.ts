import { route } from '@/lib/edge'
import { answerFacts, guideFacts } from '@/lib/gateway'

/** What the Xtream endpoints keep, lists in memory and guides in files: hit rates, sizes and ages. */
export const GET = route({ who: 'admin', run: async () => ({ ...answerFacts(), guides: await guideFacts() }) })
