import { notFound } from 'next/navigation'
import { TitleScreen } from '@/components/catalogue/title-screen'
import { ItemId } from '@/lib/catalogue/schema'
import { requirePageViewer } from '@/lib/edge'

export default async function TitlePage({ params }: PageProps<'/title/[id]'>) {
  await requirePageViewer()
  const id = ItemId.safeParse((await params).id)
  if (!id.success) notFound()
  return <TitleScreen id={id.data} />
}
