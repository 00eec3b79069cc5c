import type { QualityRow } from '@/lib/analytics/schema'
import { sayMs, sayShare } from './say-quality'

const cell = 'px-4 py-3 text-right whitespace-nowrap'
const heads = ['Sessions', 'Viewers', 'Start p50', 'p95', 'Zap p50', 'p95', 'Stood still', 'Failed'] as const

const tone = (share: number, bad: number) => (share > bad ? 'text-danger' : share > bad / 4 ? 'text-warn' : '')

/** How it plays, one line each; the worst first. */
export function QualityTable({ rows, first }: { rows: readonly QualityRow[]; first: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable without a mouse
    <section aria-label={`Quality by ${first.toLowerCase()}`} tabIndex={0} className="scroll-quiet overflow-x-auto">
      <table className="hairline w-full min-w-176 border-separate border-spacing-0 rounded-card bg-surface text-14">
        <caption className="sr-only">Quality by {first.toLowerCase()}</caption>
        <thead>
          <tr>
            <th scope="col" className="hairline-b rounded-tl-card px-4 py-3 text-left text-12 text-muted">
              {first}
            </th>
            {heads.map((head, at) => (
              <th
                // biome-ignore lint/suspicious/noArrayIndexKey: two heads read the same, and none ever moves
                key={at}
                scope="col"
                className="hairline-b px-4 py-3 text-right text-12 text-muted last:rounded-tr-card"
              >
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="tabular-nums [&>tr+tr>*]:hairline-t">
          {rows.map(row => (
            <tr key={row.key}>
              <th scope="row" className="max-w-64 truncate px-4 py-3 text-left font-normal" title={row.name}>
                {row.name}
              </th>
              <td className={cell}>{row.sessions}</td>
              <td className={cell}>{row.viewers}</td>
              <td className={cell}>{sayMs(row.startP50)}</td>
              <td className={cell}>{sayMs(row.startP95)}</td>
              <td className={cell}>{sayMs(row.zapP50)}</td>
              <td className={cell}>{sayMs(row.zapP95)}</td>
              <td className={`${cell} ${tone(row.stalled, 0.05)}`}>{sayShare(row.stalled)}</td>
              <td className={`${cell} ${tone(row.failed, 0.2)}`}>{sayShare(row.failed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
