import { HomeScreen } from '@/components/catalogue/home-screen'
import { requirePageViewer } from '@/lib/edge'

export default async function HomePage() {
  await requirePageViewer()
  return <HomeScreen />
}
