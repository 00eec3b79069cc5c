import type { ConnectionView } from '@/lib/playback/schema'
import { sayBitrate, sayBytes } from './say-traffic'

function count<T>(values: readonly T[]): number {
  return new Set(values).size
}

/** The whole in five numbers. */
export function ConnectionTotals({ connections }: { connections: readonly ConnectionView[] }) {
  const add = (pick: (connection: ConnectionView) => number) => connections.reduce((sum, one) => sum + pick(one), 0)
  // Each of n connections that share a source is one nth of it.
  const upstream = Math.round(add(({ shared }) => 1 / Math.max(1, shared)))
  const totals = [
    ['Playing now', connections.length.toLocaleString()],
    ['People', count(connections.map(({ account }) => account)).toLocaleString()],
    ['Streams from providers', upstream.toLocaleString()],
    ['Sending', sayBitrate(add(({ bitrate }) => bitrate))],
    ['Sent so far', sayBytes(add(({ bytes }) => bytes))],
  ]
  return (
    <dl className="grid grid-cols-2 gap-3 sm:grid-cols-3 xl:grid-cols-5">
      {totals.map(([term, value]) => (
        <div key={term} className="hairline flex flex-col rounded-card bg-surface px-5 py-4 max-sm:last:col-span-2">
          <dt className="text-14 text-muted">{term}</dt>
          <dd className="whitespace-nowrap font-title text-28 tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
