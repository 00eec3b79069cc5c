import { Button } from '@/components/ui/button'
import type { ConnectionView } from '@/lib/playback/schema'
import { sayDevice, sayPace, saySent, sayShared, saySource, sayWho, sayWith } from './connection-words'
import { Since } from './since'

/** One line of the table, for narrow screens. */
export function ConnectionCard({ connection, onEnd }: { connection: ConnectionView; onEnd: () => void }) {
  const facts = [
    ['Who', `${sayWho(connection)} · ${sayDevice(connection)}`],
    ['From', `${sayWith(connection)} · ${connection.address}`],
    ['Sent', [saySent(connection), sayPace(connection)].filter(Boolean).join(' · ')],
    ['Shared by', sayShared(connection)],
  ]
  return (
    <article aria-label={connection.item} className="hairline flex flex-col gap-3 rounded-card bg-surface p-4">
      <header className="flex items-start gap-3">
        <div className="min-w-0 grow">
          <h3 className="truncate font-strong text-16">{connection.item}</h3>
          <p className="truncate text-12 text-muted">{saySource(connection)}</p>
        </div>
        <span className="pt-0.5 text-14 text-muted tabular-nums">
          <Since start={connection.startedAt} />
        </span>
        <Button size="small" aria-label={`End ${connection.item} on ${sayDevice(connection)}`} onClick={onEnd}>
          End
        </Button>
      </header>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-14">
        {facts.map(([term, fact]) => (
          <div key={term} className="contents">
            <dt className="text-faint">{term}</dt>
            <dd className="min-w-0 break-words tabular-nums">{fact}</dd>
          </div>
        ))}
      </dl>
    </article>
  )
}
