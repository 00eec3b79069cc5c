import { type Geometry, toX } from './geometry'

/** The line that moves with the time. */
export function NowMarker({ geometry, now }: { geometry: Geometry; now: number }) {
  const left = geometry.columnWidth + toX(geometry, now)
  return <div aria-hidden className="pointer-events-none absolute inset-y-0 z-1 w-0.5 bg-accent" style={{ left }} />
}
