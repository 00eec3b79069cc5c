import { getLineSettings, updateLineSettings } from '@/lib/accounts'
import { LineSettings } from '@/lib/accounts/schema'
import { route } from '@/lib/edge'

/** Server-wide rules of device lines. */
export const GET = route({ who: 'admin', run: () => getLineSettings() })

export const PUT = route({ who: 'admin', body: LineSettings, run: ({ viewer, body }) => updateLineSettings(viewer, body) })
