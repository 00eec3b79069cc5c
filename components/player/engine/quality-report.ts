import { callApi } from '@/components/shell/api'
import type { QualityReport } from '@/lib/analytics/schema'
import { SECOND } from '@/lib/kernel/time'
import type { Phase } from './phase'
import type { PlayerSnapshot } from './player-snapshot'
import { beginRecord, observe, type QualityRecord, withFigures } from './quality-record'
import type { StreamFigures } from './stream-shapes'
import type { Supply } from './supply'

const BEAT = 30 * SECOND
/** As many ended sessions as one message holds beside the running one. */
const MOST_ENDED = 7
const PATH = '/api/quality'

interface Watched {
  subscribe: (listener: () => void) => () => void
  getSnapshot: () => PlayerSnapshot
  controls: { figures: () => StreamFigures | null }
}

export interface QualitySender {
  post: (reports: readonly QualityReport[]) => Promise<void>
  /** For the moment the page goes away. */
  beacon: (reports: readonly QualityReport[]) => void
}

const sender: QualitySender = {
  post: reports => callApi('POST', PATH, { reports }),
  beacon: reports => {
    navigator.sendBeacon(PATH, new Blob([JSON.stringify({ reports })], { type: 'application/json' }))
  },
}

const known: readonly QualityReport['connection'][] = ['slow-2g', '2g', '3g', '4g', 'wifi', 'ethernet', 'cellular']

function readConnection(): QualityReport['connection'] {
  const { connection } = navigator as Navigator & { connection?: { type?: string; effectiveType?: string } }
  return known.find(one => one === connection?.type) ?? known.find(one => one === connection?.effectiveType) ?? ''
}

/** Asked only while the picture waits: it is of no use otherwise. */
function readSupply(phase: Phase, { controls }: Watched): Supply | null {
  if (phase !== 'buffering') return null
  return navigator.onLine === false ? 'silent' : (controls.figures()?.supply ?? null)
}

/** Tells the server every half minute, and when the page is left, how each session of this player plays. Returns its end. */
export function reportQuality(player: Watched, { post, beacon }: QualitySender = sender): () => void {
  let record: QualityRecord | null = null
  let ended: QualityReport[] = []
  let liveItem: number | null = null
  let itemId: number | null = null
  let over: string | undefined
  let told = ''

  const look = () => {
    const state = player.getSnapshot()
    const now = performance.now()
    const id = state.session?.sessionId
    // The session before stays in the snapshot until the next one has come: what happens meanwhile is not its doing.
    if (record && (record.report.sessionId !== id || state.itemId !== itemId)) {
      over = record.report.sessionId
      ended = [...ended, record.report].slice(-MOST_ENDED)
      record = null
    }
    if (state.phase === 'idle' || !state.session || id === over) return
    itemId = state.itemId
    const zap = state.session.live && liveItem !== null && liveItem !== state.itemId
    record ??= beginRecord(state, { zap, connection: readConnection() }, now)
    record = observe(record, state, { at: now, supply: readSupply(state.phase, player) })
    liveItem = state.session.live ? state.itemId : null
  }
  const take = (): QualityReport[] => {
    look()
    if (record) record = { ...record, report: withFigures(record.report, player.controls.figures()) }
    const reports = [...ended, ...(record ? [record.report] : [])]
    const text = JSON.stringify(reports)
    if (reports.length === 0 || text === told) return []
    told = text
    return reports
  }
  const tell = async () => {
    const reports = take()
    if (reports.length === 0) return
    const sent = ended
    // What did not arrive goes along with the next.
    await post(reports).then(
      () => {
        ended = ended.filter(report => !sent.includes(report))
      },
      () => {},
    )
  }
  const leave = () => {
    const reports = take()
    if (reports.length > 0) beacon(reports)
  }
  const stop = player.subscribe(look)
  const timer = setInterval(() => void tell(), BEAT)
  window.addEventListener('pagehide', leave)
  return () => {
    stop()
    clearInterval(timer)
    window.removeEventListener('pagehide', leave)
    leave()
  }
}
