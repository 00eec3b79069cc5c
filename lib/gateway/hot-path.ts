import 'server-only'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type LineRecord, lineKey, peekLine } from '@/lib/accounts'
import { shared } from '@/lib/platform/shared'
import { readAction } from './api-routes'
import { peekActiveConnections } from './line-ups'
import { isListAction, type ListAction, peekList } from './lists'
import { type Origin, peekOrigin } from './origin'
import { parseForm, readCategory } from './parameters'
import { renderAccountEnd, renderAccountHead } from './render-account'
import { ownOrigins } from './xtream'

// Apps ask for the same few things again and again. What is in memory goes out from here in one step; everything else,
// and whatever is doubtful, takes the way through the routes, which answer the same.

const PATH = '/player_api.php?'
const MAX_PARSED = 20_000

interface Parsed {
  key: string
  password: string
  origin: Origin
  /** Null: the account. */
  list: { action: ListAction; categoryId: number | null } | null
  /** What the account was told last, and what it depends on: a line is read anew every few seconds, and after a change. */
  account: { line: LineRecord; activeConnections: number; head: string } | null
}

const parsedRequests = () => shared('gateway-parsed', () => new Map<string, Parsed | null>())

/** True when the request has been answered. */
export function answerFromMemory(request: IncomingMessage, response: ServerResponse): boolean {
  const { url = '', method, headers } = request
  if (
    method !== 'GET' ||
    !url.startsWith(PATH) ||
    headers['x-iptv-hop'] !== undefined ||
    headers['if-none-match'] !== undefined
  ) {
    return false
  }
  const parsed = parse(url, headers.host)
  if (parsed === null) return false
  const caller = { address: String(headers['x-client-address'] ?? 'unknown'), app: (headers['user-agent'] ?? '').slice(0, 200) }
  const line = peekLine(parsed.key, caller)
  if (line === null) return false
  if (parsed.list === null) {
    const activeConnections = peekActiveConnections(line)
    if (activeConnections === null) return false
    send(response, accountHead(parsed, line, activeConnections) + renderAccountEnd(), ['cache-control', 'no-store'])
    return true
  }
  const answer = peekList({ line, origin: parsed.origin }, parsed.list.action, parsed.list.categoryId)
  if (answer === null) return false
  const isPacked = /\bgzip\b(?!\s*;\s*q=0)/.test(String(headers['accept-encoding'] ?? ''))
  const packing = isPacked ? ['content-encoding', 'gzip'] : []
  send(response, isPacked ? answer.packed : answer.plain, ['cache-control', 'private, no-cache', 'etag', answer.etag, ...packing])
  return true
}

function accountHead(parsed: Parsed, line: LineRecord, activeConnections: number): string {
  const { account, origin, password } = parsed
  if (account !== null && account.line === line && account.activeConnections === activeConnections) return account.head
  const head = renderAccountHead({ line, origin, password, activeConnections })
  parsed.account = { line, activeConnections, head }
  return head
}

function send(response: ServerResponse, body: Buffer | string, headers: string[]): void {
  response.writeHead(200, [
    'content-type',
    'application/json; charset=utf-8',
    'content-length',
    String(Buffer.byteLength(body)),
    'x-content-type-options',
    'nosniff',
    'vary',
    'accept-encoding',
    'access-control-allow-origin',
    '*',
    'cross-origin-resource-policy',
    'cross-origin',
    ...headers,
  ])
  response.end(body)
}

/** What an address means depends on nothing but itself, so it is read once. Null: not one of the few things. */
function parse(url: string, host: string | undefined): Parsed | null {
  const all = parsedRequests()
  const name = `${host} ${url}`
  const known = all.get(name)
  if (known !== undefined) return known
  const made = parseNew(url, host)
  if (made === undefined) return null
  if (url.length < 1_000) {
    all.set(name, made)
    const [oldest] = all.keys()
    if (all.size > MAX_PARSED && oldest !== undefined) all.delete(oldest)
  }
  return made
}

/** Undefined: not yet, since nobody known has come in by this address of the house. */
function parseNew(url: string, host: string | undefined): Parsed | null | undefined {
  try {
    const parameters = parseForm(url.slice(PATH.length))
    const username = parameters.get('username') ?? ''
    const password = parameters.get('password') ?? ''
    const action = readAction(parameters.get('action'))
    if (username === '' || password === '' || (action !== '' && !isListAction(action))) return null
    const origin = peekOrigin(host, { origins: ownOrigins() })
    if (origin === null) return undefined
    const key = lineKey(username, password)
    if (!isListAction(action)) return { key, password, origin, list: null, account: null }
    const categoryId = action.endsWith('_categories') ? null : readCategory(parameters.get('category_id'))
    return { key, password, origin, list: { action, categoryId }, account: null }
  } catch {
    // The routes say what is wrong with it.
    return null
  }
}
