import 'server-only'
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { AppError, toAppError } from '@/lib/kernel/errors'
import { MINUTE } from '@/lib/kernel/time'
import { createTurns } from '@/lib/kernel/turns'
import { env } from './env'
import { readBody, safeFetch } from './fetch'
import { shared } from './shared'

/** Widths in pixels that are kept; a request gets the next larger one. */
const WIDTHS = [96, 192, 384, 768, 1280] as const
const FETCH_DEADLINE_MS = 10_000
const MAX_BYTES = 5_000_000
const MAX_PIXELS = 40_000_000
const FAILURE_KEPT_MS = MINUTE
const MAX_FAILURES_KEPT = 10_000
const MAX_PARALLEL = 6
const CACHE_BYTES = 1_000_000_000

export interface PictureSource {
  url: string
  /** CIDR ranges in which it may be fetched. */
  privateNetworks?: readonly string[]
}

interface State {
  underWay: Map<string, Promise<Buffer>>
  failures: Map<string, { at: number; error: AppError }>
  /** Decoding is work for the processor: a page full of posters must not take all of it. */
  inTurn: ReturnType<typeof createTurns>
}

const state = () =>
  shared<State>('pictures', () => ({ underWay: new Map(), failures: new Map(), inTurn: createTurns(MAX_PARALLEL) }))
const folder = () => join(env().DATA_DIR, 'pictures')

/**
 * A picture of a provider as WebP, no wider than asked (pixels), from the cache on disk or fetched once for all who wait.
 * What is not a raster picture by its bytes is refused; SVG is never passed on (reliability.md B28, B30).
 * @throws UPSTREAM_* codes; a failure is remembered for a minute
 */
export async function getPicture(source: PictureSource, width: number): Promise<Buffer> {
  const size = WIDTHS.find(step => step >= width) ?? WIDTHS[WIDTHS.length - 1]
  // Part of the key: what was fetched from a private network is not for those who may not reach it.
  const reach = [...(source.privateNetworks ?? [])].sort()
  const { url } = source
  const key = createHash('sha256')
    .update([size, ...reach, url].join('|'))
    .digest('hex')
  const file = join(folder(), key.slice(0, 2), `${key}.webp`)
  const kept = await readFile(file).catch(() => null)
  if (kept) return kept
  const { underWay, failures, inTurn } = state()
  const failed = failures.get(key)
  if (failed && Date.now() - failed.at < FAILURE_KEPT_MS) throw failed.error
  const running = underWay.get(key) ?? inTurn(() => fetchPicture(source, size ?? 384, file))
  underWay.set(key, running)
  try {
    return await running
  } catch (error) {
    const failure = toAppError(error)
    if (failures.size >= MAX_FAILURES_KEPT) failures.clear()
    failures.set(key, { at: Date.now(), error: failure })
    throw failure
  } finally {
    underWay.delete(key)
  }
}

async function fetchPicture({ url, privateNetworks = [] }: PictureSource, width: number, file: string): Promise<Buffer> {
  const response = await safeFetch({
    url,
    privateNetworks,
    headersTimeoutMs: FETCH_DEADLINE_MS,
    totalTimeoutMs: FETCH_DEADLINE_MS,
    maxBytes: MAX_BYTES,
  })
  if (response.status !== 200) {
    response.cancel()
    throw new AppError(response.status === 404 ? 'NOT_FOUND' : 'PROVIDER_DOWN', {
      message: `picture answered ${response.status}`,
    })
  }
  const picture = await toWebp(await readBody(response, { maxBytes: MAX_BYTES }), width)
  await keep(file, picture)
  return picture
}

/** True for JPEG, PNG, GIF, WebP and the AVIF and HEIF family by their first bytes. */
export function isRaster(bytes: Buffer): boolean {
  const at = (from: number, to: number) => bytes.toString('latin1', from, to)
  if (at(0, 3) === '\xff\xd8\xff' || at(0, 8) === '\x89PNG\r\n\x1a\n' || /^GIF8[79]a$/.test(at(0, 6))) return true
  if (at(0, 4) === 'RIFF' && at(8, 12) === 'WEBP') return true
  return at(4, 8) === 'ftyp' && /^(?:avif|avis|heic|heix|hevc|hevx|heim|heis|mif1|msf1)$/.test(at(8, 12))
}

async function toWebp(bytes: Buffer, width: number): Promise<Buffer> {
  // Before sharp, which would hand anything else to a parser of its own, SVG and its references among it.
  if (!isRaster(bytes)) throw new AppError('UPSTREAM_NOT_MEDIA', { message: 'not a picture by its first bytes' })
  try {
    const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
    const { format } = await image.metadata()
    if (!['jpeg', 'png', 'webp', 'gif', 'avif', 'heif'].includes(format ?? '')) throw new Error(`format ${format}`)
    return await image.rotate().resize({ width, withoutEnlargement: true }).webp({ quality: 80, effort: 2 }).toBuffer()
  } catch (cause) {
    throw new AppError('UPSTREAM_NOT_MEDIA', { message: 'not a picture we can read', cause })
  }
}

async function keep(file: string, picture: Buffer): Promise<void> {
  const side = `${file}.${randomUUID()}`
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(side, picture)
  await rename(side, file)
}

/** Deletes the pictures longest unread until the cache fits its size. For a job, once a day. */
export async function trimPictures(): Promise<void> {
  const names = await readdir(folder(), { recursive: true }).catch(() => [])
  const files: { path: string; size: number; usedMs: number }[] = []
  for (const name of names.filter(one => one.endsWith('.webp'))) {
    const path = join(folder(), name)
    const facts = await stat(path).catch(() => null)
    if (facts) files.push({ path, size: facts.size, usedMs: Math.max(facts.atimeMs, facts.mtimeMs) })
  }
  let total = files.reduce((sum, { size }) => sum + size, 0)
  for (const { path, size } of files.sort((a, b) => a.usedMs - b.usedMs)) {
    if (total <= CACHE_BYTES) return
    await rm(path, { force: true })
    total -= size
  }
}
