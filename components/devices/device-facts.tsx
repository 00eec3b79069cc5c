import { sayDate, saySince } from '@/components/shell/say-time'
import type { LineView } from '@/lib/accounts/schema'
import { sayApp } from '@/lib/kernel/app-name'

function sayEnd(expiresAt: string | null, now: number): string {
  if (expiresAt === null) return 'Never'
  return Date.parse(expiresAt) < now ? `Ended ${sayDate(expiresAt)}` : sayDate(expiresAt)
}

/** The small table of a device card. */
export function DeviceFacts({ line, now }: { line: LineView; now: number }) {
  const where = [line.lastApp ? sayApp(line.lastApp) : null, line.lastAddress].filter(Boolean).join(' · ')
  const facts = [
    ['User name', line.username],
    ['Last seen', line.lastSeenAt ? saySince(line.lastSeenAt, now) : 'Not yet'],
    ...(where ? [['With', where]] : []),
    ['Streams', `${line.activeConnections.toLocaleString()} of ${line.maxConnections.toLocaleString()} in use`],
    ['Runs out', sayEnd(line.expiresAt, now)],
  ]
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-1.5 text-14">
      {facts.map(([term, fact]) => (
        <div key={term} className="contents">
          <dt className="text-faint">{term}</dt>
          <dd className="min-w-0 break-words tabular-nums">{fact}</dd>
        </div>
      ))}
    </dl>
  )
}
