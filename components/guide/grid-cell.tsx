import { BellRing } from 'lucide-react'
import { memo } from 'react'
import type { GuideGenre } from '@/lib/epg/schema'
import { isShort, sayCell, sayFlag, showSpan } from './guide-words'
import type { Cell } from './lay-out'

interface GridCellProps {
  channel: string
  kind: Cell['kind']
  start: number
  stop: number
  title: string
  genre: GuideGenre | null
  flags: number
  left: number
  width: number
  /** Where text stays readable while the beginning of the cell is out of view; null: it is in view. */
  stickyLeft: number | null
  when: 'past' | 'on' | 'next'
  active: boolean
  tight: boolean
  reminded: boolean
}

const looks = {
  past: 'bg-surface text-faint',
  on: 'bg-(--cell) text-text',
  next: 'bg-(--cell) text-muted',
} as const

const GAP = 2
/** Pixels below which a cell has room for its title only. */
const NARROW = 104

function tintOf(genre: GuideGenre | null, when: GridCellProps['when']): string {
  const ground = when === 'on' ? 'var(--raised)' : 'var(--surface)'
  return genre === null ? ground : `color-mix(in oklab, var(--genre-${genre}) var(--genre-tint), ${ground})`
}

type CellTextProps = Pick<GridCellProps, 'kind' | 'title' | 'flags' | 'start' | 'stop' | 'tight' | 'width'>

function CellText({ kind, title, flags, start, stop, tight, width }: CellTextProps) {
  if (kind === 'gap') return <span className="truncate text-14 text-faint">No information</span>
  if (kind === 'failed') return <span className="truncate text-14 text-faint">Could not be loaded</span>
  if (width < NARROW) return <span className={`font-strong text-12 ${tight ? 'truncate' : 'line-clamp-2'}`}>{title}</span>
  const flag = sayFlag(flags)
  return (
    <>
      <span className="flex items-center gap-2">
        <span className="truncate font-strong text-14">{title}</span>
        {flag ? <span className={`shrink-0 text-12 ${flag === 'Live' ? 'text-live' : 'text-accent'}`}>{flag}</span> : null}
      </span>
      {tight ? null : <span className="truncate text-12 tabular-nums">{showSpan(start, stop)}</span>}
    </>
  )
}

/** One programme or gap. Everything it shows comes in plain values, so that it is drawn again only when one of them changes. */
export const GridCell = memo(function GridCell(props: GridCellProps) {
  const { kind, start, stop, title, genre, left, width, stickyLeft, when, active, tight } = props
  const isPending = kind === 'pending'
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table of this size and freedom cannot be a table element
    <div
      role="gridcell"
      tabIndex={active ? 0 : -1}
      aria-busy={isPending || undefined}
      data-focusable
      data-active={active || undefined}
      data-focus-first={active || undefined}
      data-title={title}
      data-start={start}
      data-stop={stop}
      data-kind={kind}
      data-short={isShort(props.flags) || undefined}
      className={`group/cell absolute inset-y-px flex cursor-pointer overflow-clip rounded-cell outline-offset-[-3px] focus-visible:z-1 focus-visible:bg-fill-strong ${isPending ? 'shimmer' : `hairline ${looks[when]} ${kind === 'programme' ? '' : 'bg-transparent'}`}`}
      style={{ left: left + GAP / 2, width: Math.max(2, width - GAP), ['--cell' as string]: tintOf(genre, when) }}
    >
      <span className="sr-only">{sayCell(props.channel, props) + (props.reminded ? ', reminder set' : '')}</span>
      {isPending || width < 28 ? null : (
        <span
          aria-hidden
          className={`flex min-w-0 max-w-full flex-col justify-center ${width < NARROW ? 'px-2' : 'px-3'} ${stickyLeft === null ? '' : 'sticky'}`}
          style={stickyLeft === null ? undefined : { left: stickyLeft }}
        >
          <CellText kind={kind} title={title} flags={props.flags} start={start} stop={stop} tight={tight} width={width} />
        </span>
      )}
      {props.reminded && width > 24 ? (
        <BellRing aria-hidden size="0.875rem" strokeWidth={2} className="absolute top-1.5 right-1.5 text-accent" />
      ) : null}
      {genre && when !== 'past' ? (
        <span
          aria-hidden
          className="absolute inset-y-2 left-0 w-0.75 rounded-full"
          style={{ background: `var(--genre-${genre})` }}
        />
      ) : null}
    </div>
  )
})
