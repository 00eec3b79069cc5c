import { Button } from '@/components/ui/button'
import type { ConnectionView } from '@/lib/playback/schema'
import { sayDevice, sayPace, saySent, sayShared, saySource, sayWho, sayWith } from './connection-words'
import { Since } from './since'

interface ConnectionTableProps {
  connections: readonly ConnectionView[]
  onEnd: (connection: ConnectionView) => void
}

const cell = 'px-4 py-3 align-top'
const heads = ['Who', 'What', 'From', 'Since', 'Sent', 'Shared by'] as const

function Two({ first, second, title }: { first: string; second: string; title?: string }) {
  return (
    <>
      <span className="block truncate" title={title ?? first}>
        {first}
      </span>
      <span className="block truncate text-12 text-muted" title={second}>
        {second}
      </span>
    </>
  )
}

/** Everyone who watches, one line each. */
export function ConnectionTable({ connections, onEnd }: ConnectionTableProps) {
  return (
    <table className="hairline w-full table-fixed border-separate border-spacing-0 rounded-card bg-surface text-14">
      <caption className="sr-only">Connections</caption>
      <colgroup>
        <col className="w-[20%]" />
        <col className="w-[23%]" />
        <col className="w-[17%]" />
        <col className="w-[9%]" />
        <col className="w-[11%]" />
        <col />
        <col className="w-24" />
      </colgroup>
      <thead>
        <tr>
          {heads.map(head => (
            <th
              key={head}
              scope="col"
              className="hairline-b sticky top-0 z-1 bg-surface px-4 py-3 text-left text-12 text-muted first:rounded-tl-card"
            >
              {head}
            </th>
          ))}
          <th scope="col" className="hairline-b sticky top-0 z-1 rounded-tr-card bg-surface">
            <span className="sr-only">End</span>
          </th>
        </tr>
      </thead>
      <tbody className="tabular-nums [&>tr+tr>td]:hairline-t">
        {connections.map(connection => (
          <tr key={connection.id}>
            <td className={cell}>
              <Two first={sayWho(connection)} second={sayDevice(connection)} />
            </td>
            <td className={cell}>
              <Two first={connection.item} second={saySource(connection)} />
            </td>
            <td className={cell}>
              <Two first={sayWith(connection)} second={connection.address} title={connection.app} />
            </td>
            <td className={cell}>
              <Since start={connection.startedAt} />
            </td>
            <td className={cell}>
              <Two first={saySent(connection)} second={sayPace(connection)} />
            </td>
            <td className={`${cell} truncate text-muted`}>{sayShared(connection)}</td>
            <td className="px-3 py-2 text-right align-middle">
              <Button
                size="small"
                aria-label={`End ${connection.item} on ${sayDevice(connection)}`}
                onClick={() => onEnd(connection)}
              >
                End
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
