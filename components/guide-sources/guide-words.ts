import { saySince } from '@/components/shell/say-time'
import type { GuideSourceView, MatchView } from '@/lib/epg/schema'

export type Tone = 'ok' | 'warn' | 'busy'

const megabytes = (bytes: number) => `${Math.max(1, Math.round(bytes / 1_000_000)).toLocaleString()} MB`

/** How a guide is, in one sentence. */
export function describeGuide(source: GuideSourceView, now: number): { tone: Tone; sentence: string } {
  const { state, progress, problem, refreshedAt, channels } = source
  if (state === 'queued') return { tone: 'busy', sentence: 'Waiting to be read.' }
  if (state === 'running' && progress.isWriting) return { tone: 'busy', sentence: 'Putting programmes in their place.' }
  if (state === 'running') {
    return {
      tone: 'busy',
      sentence: `Reading: ${progress.programmes.toLocaleString()} programmes, ${megabytes(progress.bytes)}.`,
    }
  }
  if (problem) return { tone: 'warn', sentence: problem.message }
  if (refreshedAt === null) return { tone: 'busy', sentence: 'Not read yet.' }
  return {
    tone: 'ok',
    sentence: `${channels.toLocaleString()} ${channels === 1 ? 'channel' : 'channels'}, read ${saySince(refreshedAt, now)}.`,
  }
}

/** "1 h later", "30 min earlier". */
export function sayShift(minutes: number): string {
  if (minutes === 0) return 'As the guide says'
  const amount = Math.abs(minutes)
  const hours = Math.floor(amount / 60)
  const rest = amount % 60
  const length = [hours > 0 ? `${hours} h` : '', rest > 0 ? `${rest} min` : ''].filter(Boolean).join(' ')
  return `${length} ${minutes > 0 ? 'later' : 'earlier'}`
}

const usualShifts = [-12, -11, -10, -9, -8, -7, -6, -5, -4, -3, -2, -1, -0.5, 0, 0.5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map(
  hours => hours * 60,
)

/** Usual shifts, and the one that is set when it is none of them. */
export const shiftChoices = (set: number) =>
  [...new Set([...usualShifts, set])].sort((a, b) => a - b).map(minutes => ({ value: String(minutes), label: sayShift(minutes) }))

const places = [
  { value: -10, label: 'First' },
  { value: 0, label: 'Like the guides of sources' },
  { value: 10, label: 'After the guides of sources' },
  { value: 20, label: 'Last' },
]

export const priorityChoices = (set: number) =>
  (places.some(({ value }) => value === set) ? places : [...places, { value: set, label: `At place ${set}` }]).map(
    ({ value, label }) => ({ value: String(value), label }),
  )

export const refreshChoices = [
  { value: '6', label: 'Every 6 hours' },
  { value: '12', label: 'Every 12 hours' },
  { value: '24', label: 'Every day' },
  { value: '48', label: 'Every 2 days' },
  { value: '0', label: 'Only by hand' },
]

const foundBy: Record<MatchView['how'], string> = {
  exact: 'Same id',
  folded: 'Same id',
  normalised: 'Same name',
  fuzzy: 'Similar name',
  manual: 'Chosen by you',
  none: 'No guide, as you said',
  open: 'No guide found',
  event: 'From its own name',
}

/** How a channel came to its guide. */
export const sayHow = ({ how }: Pick<MatchView, 'how'>): string => foundBy[how]
