import { listImports } from '@/lib/catalogue'
import { route } from '@/lib/edge'

/** The latest refresh of each source the viewer sees. */
export const GET = route({ who: 'viewer', run: ({ viewer }) => listImports(viewer) })
