import { Skeleton } from '@/components/ui/skeleton'

export function PosterSkeleton() {
  return (
    <div aria-hidden>
      <Skeleton className="aspect-2/3 w-full rounded-card" />
      <Skeleton className="mt-2.5 h-3.5 w-4/5" />
      <Skeleton className="mt-2 h-3 w-2/5" />
    </div>
  )
}
