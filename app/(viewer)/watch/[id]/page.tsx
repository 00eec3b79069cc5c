import { notFound } from 'next/navigation'
import { PlayerScreen } from '@/components/player/player-screen'
import { ItemId } from '@/lib/catalogue/schema'
import { requirePageViewer } from '@/lib/edge'
import { Moment } from '@/lib/playback/schema'

export default async function WatchPage({ params, searchParams }: PageProps<'/watch/[id]'>) {
  await requirePageViewer()
  const id = ItemId.safeParse((await params).id)
  if (!id.success) notFound()
  const from = Moment.safeParse((await searchParams).from)
  return <PlayerScreen itemId={id.data} from={from.data ?? null} />
}
