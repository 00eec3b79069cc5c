import { type Geometry, toX } from './geometry'

/** The line that moves with the time. */
export function NowMarker({ geometry, now }: { geometry: Geometry; now: number }) {
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute inset-y-0 z-1 w-0.5 bg-accent"
      style={{ left: geometry.columnWidth + toX(geometry, now) }}
    >
      <span className="absolute inset-y-0 right-full w-16 bg-linear-to-l from-accent-soft to-transparent" />
    </div>
  )
}
