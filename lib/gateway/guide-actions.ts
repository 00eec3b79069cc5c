import 'server-only'
import type { LineRecord } from '@/lib/accounts'
import type { ApiOptions } from './api-routes'
import type { GatewayContext } from './caller'
import type { Origin } from './origin'
import type { Parameters } from './parameters'
import { sendJson } from './send-answer'

const actions = ['get_short_epg', 'get_simple_data_table', 'get_simple_date_table', 'get_epg'] as const
export type GuideAction = (typeof actions)[number]

export const isGuideAction = (action: string): action is GuideAction => actions.some(name => name === action)

export async function answerGuide(
  context: GatewayContext,
  _asked: { line: LineRecord; origin: Origin; parameters: Parameters; action: GuideAction },
): Promise<Response> {
  return sendJson(context, { epg_listings: [] })
}

export async function guideOf(context: GatewayContext, _options: ApiOptions): Promise<Response> {
  return sendJson(context, {})
}
