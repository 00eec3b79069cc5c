import { Check, CircleAlert, Clock, LoaderCircle, Minus } from 'lucide-react'
import { ProgressBar } from '@/components/ui/progress-bar'
import type { ImportPart, ImportView } from '@/lib/catalogue/schema'
import { isRunning } from './queries'
import { warningsOf } from './source-status'

const partWords: Record<ImportPart['part'], string> = {
  account: 'Account',
  categories: 'Categories',
  channels: 'Channels',
  movies: 'Movies',
  series: 'Series',
}

const icons = {
  waiting: <Clock aria-hidden size="1rem" className="text-faint" />,
  running: <LoaderCircle aria-hidden size="1rem" className="animate-spin text-accent" />,
  done: <Check aria-hidden size="1rem" className="text-ok" />,
  kept: <Check aria-hidden size="1rem" className="text-warn" />,
  failed: <CircleAlert aria-hidden size="1rem" className="text-danger" />,
  cancelled: <Minus aria-hidden size="1rem" className="text-faint" />,
} as const

function sayPart(part: ImportPart): string {
  if (part.problem) return part.problem.message
  if (part.state === 'waiting') return 'waiting'
  if (part.state === 'kept') return 'old list kept'
  if (part.state === 'cancelled') return 'stopped'
  const counted = part.part === 'account' ? '' : part.seen.toLocaleString()
  if (part.state === 'running') return counted || 'asking'
  return counted || 'done'
}

/** What a refresh is doing, part by part. */
export function ImportProgress({ job, name }: { job: ImportView; name: string }) {
  const running = isRunning(job)
  return (
    <div className="flex flex-col gap-3 rounded-cell bg-fill p-4">
      {running ? (
        <div className="flex items-center gap-3">
          <ProgressBar
            label={`Refreshing ${name}`}
            value={job.state === 'queued' ? undefined : job.progress}
            className="h-1.5 grow"
          />
          <span className="w-10 text-right text-12 text-muted tabular-nums">{job.progress} %</span>
        </div>
      ) : null}
      <ul aria-label="Parts of the refresh" className="grid gap-x-6 gap-y-1.5 text-14 sm:grid-cols-2">
        {job.parts.map(part => (
          <li key={part.part} className={`flex items-start gap-2 ${part.problem ? 'sm:col-span-2' : ''}`}>
            <span className="mt-0.5">{icons[part.state]}</span>
            <span>{partWords[part.part]}</span>
            <span className={`min-w-0 tabular-nums ${part.problem ? 'text-danger' : 'text-muted'}`}>{sayPart(part)}</span>
          </li>
        ))}
      </ul>
      {warningsOf(job).map(warning => (
        <p key={warning} className="text-14 text-warn">
          {warning}
        </p>
      ))}
      {job.problem && !running ? <p className="text-14 text-danger">{job.problem.message}</p> : null}
    </div>
  )
}
