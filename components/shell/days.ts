const pad = (value: number) => String(value).padStart(2, '0')

/** A moment as a date field writes its day, where the viewer is. */
export function toDay(iso: string): string {
  const date = new Date(iso)
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
}

/** The last second of a date field's day, where the viewer is; null for an empty one. */
export const endOfDay = (day: string): string | null => (day ? new Date(`${day}T23:59:59`).toISOString() : null)
