import 'server-only'
import { env } from '@/lib/platform/env'
import { rememberSecret } from '@/lib/platform/redact'
import { hashToken } from '@/lib/platform/secrets'
import { readAccountStatus } from './account-status'
import { type CallPolicy, fetchAnswer, type ProviderCall, policies, streamBody } from './client'
import { type Row, toRow } from './coerce'
import { parseJsonBody, readJsonRows } from './json-rows'
import { errorOfStatus, judgeLogin } from './judge'
import { type AccountStatus, ProviderOptions } from './schema'

/** Whose provider it is decides where it may reach. */
export interface Reach {
  /** Null = platform. */
  ownerId: string | null
  options: ProviderOptions
}

/** One login at one server: all that is needed to call it. Lives in memory only, while it is in use. */
export interface XtreamLogin extends Reach {
  base: string
  username: string
  password: string
  /** True once it has worked. */
  known: boolean
}

export type ListAction =
  | 'get_live_categories'
  | 'get_vod_categories'
  | 'get_series_categories'
  | 'get_live_streams'
  | 'get_vod_streams'
  | 'get_series'

/** A player-like user agent goes out by default (platform/fetch); panels refuse unknown ones (protocols.md 8.28). */
export function headersOf(options: ProviderOptions): Record<string, string> {
  return options.userAgent ? { 'user-agent': options.userAgent } : {}
}

/**
 * Private networks this provider may be reached in, for every call made on its behalf. The server's own setting counts for
 * platform providers only: those are an admin's, while any account may add one of its own and would be let into the house.
 */
export const networksOf = ({ ownerId, options }: Reach): string[] => [
  ...(ownerId === null ? env().PRIVATE_NETWORKS : []),
  ...options.privateNetworks,
]

/** The same for a row as it is stored. */
export const providerNetworks = ({ ownerId, options }: { ownerId: string | null; options: unknown }): string[] =>
  networksOf({ ownerId, options: ProviderOptions.catch(ProviderOptions.parse({})).parse(options) })

interface ApiCall {
  query?: Record<string, string>
  policy: CallPolicy
  signal?: AbortSignal | undefined
}

function toCall(login: XtreamLogin, { query = {}, policy, signal }: ApiCall): ProviderCall {
  rememberSecret(login.password)
  const search = new URLSearchParams({ username: login.username, password: login.password, ...query })
  return {
    // Some panels read `+` as a plus sign, all read %20 as a space.
    url: `${login.base}/player_api.php?${search.toString().replaceAll('+', '%20')}`,
    // With the password's hash: what was refused to a wrong one must not keep the right one out.
    login: `${login.base}|${login.username}|${hashToken(login.password).toString('hex', 0, 4)}`,
    route: query.action ?? '',
    known: login.known,
    policy,
    headers: headersOf(login.options),
    privateNetworks: networksOf(login),
    signal,
  }
}

/** Signs in. @throws what `judgeLogin` and the client name; an account that has ended is an answer, not an error */
export async function signInAt(
  login: XtreamLogin,
  how: { policy?: CallPolicy; signal?: AbortSignal } = {},
): Promise<AccountStatus> {
  const call = toCall(login, { policy: how.policy ?? policies.api, signal: how.signal })
  return fetchAnswer(call, answer => readAccountStatus(judgeLogin(answer, login.known)))
}

interface ListCall {
  signal?: AbortSignal | undefined
  /** The provider's id of the category whose rows are wanted; absent = all. */
  category?: string
  /** Whoever asks goes on by category when the whole list takes too long. */
  isDivisible?: boolean
}

/** A list in batches of raw rows, as it arrives. @throws after the rows so far when the answer is cut short */
export function streamList(login: XtreamLogin, action: ListAction, how: ListCall = {}): AsyncGenerator<unknown[]> {
  const { signal, category, isDivisible = false } = how
  const query = category === undefined ? { action } : { action, category_id: category }
  const policy = category === undefined ? { ...policies.list, isDivisible } : policies.category
  return readJsonRows(streamBody(toCall(login, { query, policy, signal })))
}

/** A small document of player_api.php. @throws PROVIDER_BAD_RESPONSE when it is no JSON, the status codes otherwise */
export async function fetchDocument(login: XtreamLogin, query: Record<string, string>, policy: CallPolicy = policies.api) {
  return fetchAnswer(toCall(login, { query, policy }), answer => {
    const failure = errorOfStatus(answer, true)
    if (failure) throw failure
    return parseJsonBody(answer.body)
  })
}

export const fetchMovieInfo = async (login: XtreamLogin, id: string): Promise<Row> =>
  toRow(await fetchDocument(login, { action: 'get_vod_info', vod_id: id }))

export const fetchSeriesInfo = async (login: XtreamLogin, id: string): Promise<Row> =>
  toRow(await fetchDocument(login, { action: 'get_series_info', series_id: id }))
