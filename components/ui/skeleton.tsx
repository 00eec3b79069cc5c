/** A piece of what is coming, in its own shape. */
export function Skeleton({ className = '' }: { className?: string }) {
  return <span aria-hidden className={`shimmer block rounded-cell ${className}`} />
}
