import { notFound } from 'next/navigation'
import { PlayerScreen } from '@/components/player/player-screen'
import { ItemId } from '@/lib/catalogue/schema'
import { requirePageViewer } from '@/lib/edge'
import { readMoment } from '@/lib/playback/schema'

export default async function WatchPage({ params, searchParams }: PageProps<'/watch/[id]'>) {
  await requirePageViewer()
  const id = ItemId.safeParse((await params).id)
  if (!id.success) notFound()
  return <PlayerScreen itemId={id.data} from={readMoment((await searchParams).from)} />
}
