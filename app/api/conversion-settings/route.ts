import { route } from '@/lib/edge'
import { updateConversionSettings, viewConversionSettings } from '@/lib/playback'
import { ConversionSettings } from '@/lib/playback/schema'

/** How pictures are converted on this server. */
export const GET = route({ who: 'admin', run: ({ viewer }) => viewConversionSettings(viewer) })

export const PUT = route({
  who: 'admin',
  body: ConversionSettings,
  run: ({ viewer, body }) => updateConversionSettings(viewer, body),
})
