import { DAY, HOUR, MINUTE } from '@/lib/kernel/time'

/** "21:05" in the viewer's own zone and format. */
export function sayClock(iso: string): string {
  return new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' }).format(new Date(iso))
}

let withSeconds: Intl.DateTimeFormat | undefined

/** "21:05:32" in the viewer's own zone and format. */
export function sayClockSecond(at: number): string {
  // Made once: a time line says it several times a second.
  withSeconds ??= new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit', second: '2-digit' })
  return withSeconds.format(at)
}

/** "3 March 2027". */
export function sayDate(iso: string): string {
  return new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(iso))
}

/** "just now", "5 min ago", "Yesterday 20:15", "3 March 2027". */
export function saySince(iso: string, now: number): string {
  const ago = now - Date.parse(iso)
  if (ago < MINUTE) return 'just now'
  if (ago < HOUR) return `${Math.floor(ago / MINUTE)} min ago`
  const midnight = new Date(now).setHours(0, 0, 0, 0)
  const then = Date.parse(iso)
  if (then >= midnight) return `today ${sayClock(iso)}`
  if (then >= midnight - DAY) return `yesterday ${sayClock(iso)}`
  return sayDate(iso)
}

/** "1 h 52 min", "45 min". */
export function sayLength(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60))
  const hours = Math.floor(minutes / 60)
  if (hours === 0) return `${minutes} min`
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
}

/** "42 min left". */
export function sayLeft(position: number, duration: number): string {
  return `${sayLength(Math.max(60, duration - position))} left`
}
