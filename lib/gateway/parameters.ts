import { AppError } from '@/lib/kernel/errors'

export type Parameters = ReadonlyMap<string, string>

/** Bytes of a POST body; a login form needs a hundredth of it. */
const MAX_BODY_BYTES = 16_384

/** Parameters of query and body; the query wins (protocols.md 1.1). @throws DUPLICATE_PARAMETER, INVALID_PARAMETER, PAYLOAD_TOO_LARGE */
export async function readParameters(request: Request): Promise<Parameters> {
  const mark = request.url.indexOf('?')
  const query = parseForm(mark < 0 ? '' : (request.url.slice(mark + 1).split('#', 1)[0] ?? ''))
  // Some apps send GET with a JSON type and no body: there is nothing to read.
  if (request.method !== 'POST') return query
  const body = await readForm(request)
  return new Map([...body, ...query])
}

/** `application/x-www-form-urlencoded`: `+` is a space. */
export function parseForm(text: string): Map<string, string> {
  const found = new Map<string, string>()
  if (text === '') return found
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decode(equals < 0 ? pair : pair.slice(0, equals))
    // Paging of old panels: we give whole lists.
    if (name.startsWith('params[')) continue
    take(found, name, equals < 0 ? '' : decode(pair.slice(equals + 1)))
  }
  return found
}

function take(found: Map<string, string>, name: string, value: string): void {
  if (!/^[A-Za-z_][\w-]{0,40}$/.test(name) || name === '__proto__') throw new AppError('INVALID_PARAMETER', { field: 'query' })
  if (value.includes('\0')) throw new AppError('INVALID_PARAMETER', { field: name })
  if (found.has(name)) throw new AppError('DUPLICATE_PARAMETER', { field: name })
  found.set(name, value)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch (cause) {
    throw new AppError('INVALID_PARAMETER', { message: 'not UTF-8', cause })
  }
}

async function readForm(request: Request): Promise<Map<string, string>> {
  const type = request.headers.get('content-type') ?? ''
  const bytes = await readBytes(request)
  if (bytes.length === 0) return new Map()
  if (!/^multipart\/form-data/i.test(type)) return parseForm(bytes.toString('utf8'))
  try {
    const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData()
    const found = new Map<string, string>()
    for (const [name, value] of form) if (typeof value === 'string') take(found, name, value)
    return found
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('INVALID_PARAMETER', { message: 'not a form', cause })
  }
}

async function readBytes(request: Request): Promise<Buffer> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) throw new AppError('PAYLOAD_TOO_LARGE')
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of request.body ?? []) {
    size += part.byteLength
    if (size > MAX_BODY_BYTES) throw new AppError('PAYLOAD_TOO_LARGE')
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** An id of ours. Anything that could never be one is simply not there. @throws NOT_FOUND */
export function requireId(text: string | undefined): number {
  const id = text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : 0
  if (id < 1 || id > 2_147_483_647) throw new AppError('NOT_FOUND')
  return id
}

/** Null: every category. A number that names none lists nothing. @throws INVALID_PARAMETER */
export function readCategory(text: string | undefined): number | null {
  if (text === undefined || ['', '0', '*', 'ALL', 'all'].includes(text)) return null
  if (!/^-?\d{1,10}$/.test(text)) throw new AppError('INVALID_PARAMETER', { field: 'category_id' })
  return Math.min(Number(text), 2_147_483_647)
}

/** @throws INVALID_PARAMETER */
export function readLimit(text: string | undefined, standard: number, most: number): number {
  if (text === undefined || text === '') return standard
  if (!/^\d{1,6}$/.test(text)) throw new AppError('INVALID_PARAMETER', { field: 'limit' })
  return Math.min(Number(text), most) || standard
}
