import { Star } from 'lucide-react'

export function RatingChip({ rating, className = '' }: { rating: number; className?: string }) {
  return (
    <span
      className={`inline-flex items-center gap-1 rounded-full bg-[rgb(8_10_14/0.82)] px-2 py-0.5 font-strong text-12 text-white tabular-nums ${className}`}
    >
      <Star aria-hidden size="0.75rem" className="fill-[#ffb84d] text-[#ffb84d]" />
      <span className="sr-only">Rated </span>
      {rating.toFixed(1)}
    </span>
  )
}
