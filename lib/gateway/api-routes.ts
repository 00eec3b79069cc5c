import 'server-only'
import type { Hono } from 'hono'
import { isLineEnded, type LineRecord, requirePlace } from '@/lib/accounts'
import { getTitleForApps, type TitleForApps } from '@/lib/catalogue'
import { AppError, errorCodes, toAppError } from '@/lib/kernel/errors'
import { lineViewer } from '@/lib/playback'
import type { GatewayEnv } from './app'
import { callerOf, findLine, type GatewayContext, originFor, requireLine } from './caller'
import { answerGuide, isGuideAction } from './guide-actions'
import { activeConnectionsOf } from './line-ups'
import { isListAction, type ListAction, listAnswer, offerPanel } from './lists'
import type { Origin } from './origin'
import { type Parameters, readCategory, readParameters, requireId } from './parameters'
import { refusedLogin, renderAccount } from './render-account'
import { noTitle, renderMovieInfo, renderSeriesTitle } from './render-titles'
import { jsonHeaders, sendAnswer, sendBytes, sendJson } from './send-answer'
import { sendCompleted } from './send-completed'

export interface ApiOptions {
  /** Addresses of this server, the main one first. */
  origins: readonly string[]
}

interface Asked {
  line: LineRecord
  origin: Origin
  parameters: Parameters
}

/** Names of actions that panels know by number (protocols.md 1.1). */
const numbered: Readonly<Record<string, string>> = {
  200: 'get_vod_categories',
  201: 'get_live_categories',
  202: 'get_live_streams',
  203: 'get_vod_streams',
  204: 'get_series_info',
  205: 'get_short_epg',
  206: 'get_series_categories',
  207: 'get_simple_data_table',
  208: 'get_series',
  209: 'get_vod_info',
}

export function addApiRoutes(app: Hono<GatewayEnv>, options: ApiOptions): void {
  for (const path of ['/player_api.php', '/panel_api.php'] as const) {
    app.on(['GET', 'POST'], path, context => answerApi(context, options, path))
  }
}

async function answerApi(context: GatewayContext, options: ApiOptions, path: string): Promise<Response> {
  const parameters = await readParameters(context.req.raw)
  const action = readAction(parameters.get('action'))
  const line = await findLine(context, parameters.get('username'), parameters.get('password')).catch(error => {
    if (toAppError(error).code === 'LINE_REFUSED') return null
    throw error
  })
  if (line === null) return sendJson(context, refusedLogin)
  const asked = { line, origin: originFor(context, options.origins), parameters }
  if (isListAction(action)) return isLineEnded(line) ? sendJson(context, []) : answerList(context, asked, action)
  if (action === 'get_vod_info') return answerTitle(context, asked, 'movie')
  if (action === 'get_series_info') return answerTitle(context, asked, 'series')
  if (isGuideAction(action)) return answerGuide(context, { ...asked, action })
  const isHere = await requirePlace(line, callerOf(context)).then(() => true, isNotHere)
  if (!isHere) return sendJson(context, { user_info: { ...refusedLogin.user_info, message: errorCodes.LINE_NOT_HERE.say } })
  return path === '/panel_api.php' ? answerPanel(context, asked) : sendJson(context, await accountOf(asked))
}

function isNotHere(error: unknown): false {
  if (toAppError(error).code === 'LINE_NOT_HERE') return false
  throw error
}

/** Words only: what could never be an action of anybody's is told so. @throws UNKNOWN_ACTION */
export function readAction(text: string | undefined): string {
  if (text === undefined || text === '') return ''
  if (!/^[A-Za-z0-9_]{1,64}$/.test(text) || text in Object.prototype) throw new AppError('UNKNOWN_ACTION')
  return numbered[text] ?? text
}

async function answerList(context: GatewayContext, asked: Asked, action: ListAction): Promise<Response> {
  const { line, origin, parameters } = asked
  const categoryId = action.endsWith('_categories') ? null : readCategory(parameters.get('category_id'))
  await requireHere(context, asked)
  return sendAnswer(context, await listAnswer({ line, origin }, action, categoryId))
}

async function answerTitle(context: GatewayContext, asked: Asked, kind: 'movie' | 'series'): Promise<Response> {
  if (isLineEnded(asked.line)) return sendJson(context, noTitle[kind])
  await requireHere(context, asked)
  const { line, origin, parameters } = asked
  try {
    const id = requireId(parameters.get(kind === 'movie' ? 'vod_id' : 'series_id'))
    const title = await getTitleForApps(lineViewer(line), kind, id)
    const render = kind === 'movie' ? renderMovieInfo : renderSeriesTitle
    return sendJson(context, render(title, categoryOf(title), origin.href))
  } catch (error) {
    if (toAppError(error).code !== 'NOT_FOUND') throw error
    return sendJson(context, noTitle[kind])
  }
}

const categoryOf = ({ sources }: TitleForApps): number | null =>
  sources.find(({ categoryId }) => categoryId !== null)?.categoryId ?? null

const accountOf = async ({ line, origin, parameters }: Asked) =>
  renderAccount({
    line,
    origin,
    password: parameters.get('password') ?? '',
    activeConnections: await activeConnectionsOf(line),
  })

async function answerPanel(context: GatewayContext, asked: Asked): Promise<Response> {
  const known = await accountOf(asked)
  const account = JSON.stringify(known).slice(0, -1)
  if (isLineEnded(asked.line)) {
    const nothing = '"categories":{"live":[],"movie":[],"series":[]},"available_channels":{}}'
    return sendBytes(context, Buffer.from(`${account},${nothing}`), jsonHeaders)
  }
  await requireHere(context, asked)
  return sendCompleted(context, {
    offer: await offerPanel(asked),
    // Without the clock of `server_info`, which is another with every answer.
    own: JSON.stringify(known.user_info),
    complete: { before: `${account},`, piece: part => part },
    headers: jsonHeaders,
  })
}

/** Rules of place and app hold for lists as for streams. @throws LINE_ENDED, LINE_NOT_HERE */
async function requireHere(context: GatewayContext, { line, parameters }: Asked): Promise<void> {
  await requireLine(context, line.username, parameters.get('password'))
}
