import { endOfDay, toDay } from '@/components/shell/days'
import type { LineChange, LineInput, LineView, WhenFull } from '@/lib/accounts/schema'
import { type RulesDraft, startRules, toRules } from './rules-draft'

/** What the form holds while it is being filled. */
export interface DeviceDraft {
  name: string
  username: string
  maxConnections: number
  formats: LineView['formats']
  /** A day as a date field writes it; empty is for ever. */
  until: string
  providerIds: number[] | null
  bouquetIds: number[] | null
  whenFull: WhenFull | null
  rules: RulesDraft
}

export const startDraft = (line: LineView | null): DeviceDraft => ({
  name: line?.name ?? '',
  username: '',
  maxConnections: line?.maxConnections ?? 1,
  formats: line?.formats ?? ['ts', 'm3u8'],
  until: line?.expiresAt ? toDay(line.expiresAt) : '',
  providerIds: line?.providerIds ?? null,
  bouquetIds: line?.bouquetIds ?? null,
  whenFull: line?.whenFull ?? null,
  rules: startRules(line?.rules),
})

export function toLineInput(draft: DeviceDraft): LineInput {
  const { name, username, maxConnections, formats, until, providerIds, bouquetIds, whenFull, rules } = draft
  return {
    name: name.trim(),
    maxConnections,
    formats,
    whenFull,
    expiresAt: endOfDay(until),
    providerIds,
    bouquetIds,
    rules: toRules(rules),
    ...(username.trim() ? { username: username.trim() } : {}),
  }
}

/** Only what was changed is sent. */
export function toLineChange(before: DeviceDraft, after: DeviceDraft): LineChange {
  const { username: _, ...now } = toLineInput(after)
  const then: LineChange = toLineInput(before)
  const changed = Object.entries(now).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(then[key as keyof LineChange]),
  )
  return Object.fromEntries(changed) as LineChange
}
