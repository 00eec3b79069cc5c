import { Skeleton } from '@/components/ui/skeleton'

const rows = ['w-1/3', 'w-1/4', 'w-1/2', 'w-1/3', 'w-2/5', 'w-1/4', 'w-1/3', 'w-1/2', 'w-1/4', 'w-2/5']

/** The shape of the guide, while nobody knows its channels yet. */
export function GuideSkeleton() {
  return (
    <div aria-busy className="flex flex-col gap-1 overflow-hidden">
      {rows.map((width, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they never change
        <div key={at} className="flex h-15 gap-1">
          <Skeleton className="h-full w-28 shrink-0 md:w-56" />
          <Skeleton className={`h-full shrink-0 ${width}`} />
          <Skeleton className="h-full grow" />
        </div>
      ))}
    </div>
  )
}
