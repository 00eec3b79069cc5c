import type { StatusTone } from './source-status'

const colors: Record<StatusTone, string> = { ok: 'bg-ok', warn: 'bg-warn', danger: 'bg-danger', busy: 'bg-accent animate-pulse' }

/** A colour beside a sentence that says the same. */
export function StatusDot({ tone }: { tone: StatusTone }) {
  return <span aria-hidden className={`inline-block size-2.5 shrink-0 rounded-full ${colors[tone]}`} />
}
