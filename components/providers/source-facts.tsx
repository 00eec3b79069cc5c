import { sayDate, saySince } from '@/components/shell/say-time'
import type { ProviderView } from '@/lib/providers/schema'

function sayConnections(provider: ProviderView): string {
  const { activeConnections: active, maxConnections: most } = provider.account ?? {
    activeConnections: null,
    maxConnections: null,
  }
  if (most === null) return active === null ? 'Not known' : `${active} in use`
  return `${active ?? 0} of ${most} in use`
}

/** The small table of a source card. */
export function SourceFacts({ provider, now }: { provider: ProviderView; now: number }) {
  const { account, counts } = provider
  const inside = [
    `${counts.channels.toLocaleString()} ${counts.channels === 1 ? 'channel' : 'channels'}`,
    `${counts.movies.toLocaleString()} ${counts.movies === 1 ? 'movie' : 'movies'}`,
    `${counts.series.toLocaleString()} series`,
  ]
  const facts = [
    ['Inside', inside.join(' · ')],
    ['Last refresh', provider.refreshedAt ? saySince(provider.refreshedAt, now) : 'Not yet'],
    ...(account
      ? [
          ['Runs out', account.expiresAt ? sayDate(account.expiresAt) + (account.trial ? ' (trial)' : '') : 'Never'],
          ['Streams', sayConnections(provider)],
        ]
      : []),
  ]
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-1.5 text-14">
      {facts.map(([term, fact]) => (
        <div key={term} className="contents">
          <dt className="text-faint">{term}</dt>
          <dd className="tabular-nums">{fact}</dd>
        </div>
      ))}
    </dl>
  )
}
