import type { ImportView } from '@/lib/catalogue/schema'
import { DAY } from '@/lib/kernel/time'
import type { AccountStatus, ProviderView } from '@/lib/providers/schema'

export type StatusTone = 'ok' | 'warn' | 'danger' | 'busy'

export interface SourceStatus {
  tone: StatusTone
  sentence: string
}

const accountWords: Partial<Record<AccountStatus['status'], string>> = {
  expired: 'This subscription has run out at the provider.',
  banned: 'The provider has banned this account.',
  disabled: 'The provider has switched this account off.',
}

/** What is odd about what the last refresh read. */
export const warningsOf = (job: ImportView | undefined): string[] => job?.parts.flatMap(({ warning }) => warning ?? []) ?? []

/** How a source is, in one sentence, with the worst first. */
export function describeStatus(provider: ProviderView, job: ImportView | undefined, now: number): SourceStatus {
  const account = provider.account
  const refused = account ? accountWords[account.status] : undefined
  if (refused) return { tone: 'danger', sentence: refused }
  if (job?.state === 'queued' || job?.state === 'running')
    return { tone: 'busy', sentence: 'Being refreshed now. What is there already can be watched.' }
  if (provider.problem) return { tone: provider.stale ? 'danger' : 'warn', sentence: provider.problem.message }
  if (provider.stale) return { tone: 'warn', sentence: 'What you see is older than it should be.' }
  if (!provider.refreshedAt) return { tone: 'busy', sentence: 'Waiting for its first refresh.' }
  if (job?.state === 'partial')
    return { tone: 'warn', sentence: 'The last refresh brought only a part. The rest is as it was before.' }
  const left = account?.expiresAt ? Date.parse(account.expiresAt) - now : null
  if (left !== null && left < 14 * DAY) {
    const days = Math.max(0, Math.ceil(left / DAY))
    return { tone: 'warn', sentence: `The subscription runs out in ${days} ${days === 1 ? 'day' : 'days'}.` }
  }
  const [warning] = warningsOf(job)
  return warning === undefined ? { tone: 'ok', sentence: 'Working.' } : { tone: 'warn', sentence: warning }
}
