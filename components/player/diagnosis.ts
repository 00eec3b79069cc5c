import { Failure } from '@/components/shell/failure'
import { SECOND } from '@/lib/kernel/time'
import type { PlaybackView } from '@/lib/playback/schema'
import { findCapabilities } from './engine/capabilities'
import type { PlaybackApi } from './engine/playback-api'

export interface Finding {
  name: string
  state: 'good' | 'bad'
  say: string
}

const PATIENCE = 15 * SECOND
/** Beyond this a clock that is wrong breaks guides and signed addresses. */
const CLOCK_OFF = 60 * SECOND

const found = (name: string, good: boolean, say: string): Finding => ({ name, state: good ? 'good' : 'bad', say })

const lengths = [
  { unit: 'day', ms: 86_400 * SECOND },
  { unit: 'hour', ms: 3_600 * SECOND },
  { unit: 'minute', ms: 60 * SECOND },
] as const

/** As a part of a unit: 59 minutes are an hour. */
const ALMOST = 0.98

/** How wrong the device's clock is, `ms` ahead of ours, and what to do about it. */
export function sayClockOff(ms: number): string {
  const off = Math.abs(ms)
  const { unit, ms: length } = lengths.find(each => off >= each.ms * ALMOST) ?? lengths[2]
  const about = new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'long' }).format(Math.round(off / length))
  return `This device's clock is about ${about} ${ms > 0 ? 'fast' : 'slow'}. Set it in the device's settings: the guide goes by it.`
}

/** One call of our own server: how far it is, and whose clock is right. */
export async function checkServer(): Promise<Finding[]> {
  const began = performance.now()
  try {
    const answer = await fetch('/health/live', { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) })
    const ms = Math.round(performance.now() - began)
    const date = Date.parse(answer.headers.get('date') ?? '')
    const off = Number.isFinite(date) ? Date.now() - date : 0
    return [
      found(
        'Our server',
        answer.ok && ms < 2 * SECOND,
        answer.ok ? `It answers in ${ms} ms.` : `It answers with ${answer.status}.`,
      ),
      found('Clock', Math.abs(off) < CLOCK_OFF, Math.abs(off) < CLOCK_OFF ? 'This device has the right time.' : sayClockOff(off)),
    ]
  } catch {
    return [found('Our server', false, 'This device cannot reach it.')]
  }
}

function sayOfFailure(error: unknown): { code: string; say: string } {
  if (error instanceof Failure) return { code: error.code, say: error.say }
  return { code: error instanceof Error ? error.name : 'UNKNOWN', say: 'It did not answer in time.' }
}

const slotCodes = new Set(['PROVIDER_LIMIT', 'SLOT_TAKEN', 'PROVIDER_BUSY'])
const codecCodes = new Set(['CODEC_UNSUPPORTED'])

/** What a refusal to open says of each thing that has to be in order. */
export function readRefusal(error: unknown): Finding[] {
  const { code, say } = sayOfFailure(error)
  const words = `${say} (${code})`
  if (slotCodes.has(code)) return [found('A free connection', false, words)]
  if (codecCodes.has(code)) return [found('Codecs', false, words)]
  return [found('Opening', false, words)]
}

/** Follows playlists to the first bytes of picture; the speed is that of a whole segment. */
async function readBytes(view: PlaybackView, signal: AbortSignal): Promise<{ bytes: number; ms: number }> {
  let url = new URL(view.url, window.location.href)
  for (let step = 0; step < 3; step++) {
    const began = performance.now()
    const headers = view.mode === 'file' ? { range: 'bytes=0-1048575' } : {}
    const answer = await fetch(url, { headers, signal, cache: 'no-store' })
    if (!answer.ok)
      throw new Failure({
        code: (answer.headers.get('x-error-code') ?? 'UNEXPECTED') as Failure['code'],
        say: `The stream answers with ${answer.status}.`,
      })
    if (view.mode === 'file' || !/mpegurl/i.test(answer.headers.get('content-type') ?? '')) {
      const { byteLength } = await answer.arrayBuffer()
      return { bytes: byteLength, ms: performance.now() - began }
    }
    const line = (await answer.text()).split('\n').find(one => one.trim() !== '' && !one.startsWith('#'))
    if (line === undefined) break
    url = new URL(line.trim(), answer.url)
  }
  throw new Error('empty')
}

async function checkBytes(view: PlaybackView): Promise<Finding[]> {
  try {
    const { bytes, ms } = await readBytes(view, AbortSignal.timeout(PATIENCE))
    const speed = (bytes * 8) / Math.max(1, ms) / 1_000
    return [
      found('The source', bytes > 0, 'It sends a picture.'),
      found('Speed', speed > 2, `${speed.toFixed(1)} Mbit/s for the first piece.`),
    ]
  } catch (error) {
    const { code, say } = sayOfFailure(error)
    return [found('The source', false, `${say} (${code})`)]
  }
}

/** What plays is looked at as it is: a second opening would need a connection that the first one holds. */
async function checkRunning(view: PlaybackView): Promise<Finding[]> {
  const known = [
    found('Opening', true, 'It is open already.'),
    found('A free connection', true, 'The picture has one.'),
    found('Codecs', true, view.decision.message),
  ]
  // Another request for a whole file would take the connection away from the picture.
  return view.mode === 'file' ? known : [...known, ...(await checkBytes(view))]
}

/** Looks at `running`; without one opens the item, looks at its first bytes, and closes it again. */
export async function checkStream(
  api: PlaybackApi,
  { itemId, from }: { itemId: number; from: string | null },
  running: PlaybackView | null,
): Promise<Finding[]> {
  if (running !== null) return checkRunning(running)
  const capabilities = findCapabilities(document.createElement('video'))
  let view: PlaybackView
  try {
    view = await api.open({ itemId, capabilities, ...(from === null ? {} : { from }) })
  } catch (error) {
    return readRefusal(error)
  }
  try {
    const known = [
      found('Opening', true, 'The server opens it.'),
      found('A free connection', true, 'The provider has one for you.'),
      found('Codecs', true, view.decision.message),
    ]
    return [...known, ...(await checkBytes(view))]
  } finally {
    await api.close(view.sessionId).catch(() => {})
  }
}

/** The whole as text to send to somebody: no addresses, no names, no keys. */
export function printReport(findings: readonly Finding[], facts: Readonly<Record<string, string>>): string {
  const lines = findings.map(({ name, state, say }) => `${state === 'good' ? 'ok ' : 'BAD'} ${name}: ${say}`)
  const rest = Object.entries(facts).map(([name, value]) => `    ${name}: ${value}`)
  return redact([...lines, ...rest].join('\n'))
}

/** Takes out what may lead to a provider or a person. */
export function redact(text: string): string {
  return text
    .replace(/\bhttps?:\/\/\S+/gi, '[address]')
    .replace(/\b[\w.+-]+@[\w-]+(\.[\w-]+)+\b/g, '[mail]')
    .replace(/\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b/g, '[address]')
    .replace(/\b[\w-]{24,}\b/g, '[key]')
}
