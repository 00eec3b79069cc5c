import { HomeScreen } from '@/components/catalogue/home-screen'
import { getHome } from '@/lib/catalogue'
import { requirePageViewer } from '@/lib/edge'

export default async function HomePage() {
  const viewer = await requirePageViewer()
  // The first picture should not wait for the scripts. What fails here is asked for again, and explained, by the screen.
  const first = await getHome(viewer).catch(() => null)
  return <HomeScreen first={first} />
}
