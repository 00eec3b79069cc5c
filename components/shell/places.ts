import {
  Activity,
  CalendarCog,
  CalendarDays,
  Clapperboard,
  Film,
  Gauge,
  House,
  Layers,
  type LucideIcon,
  MonitorCog,
  MonitorSmartphone,
  Search,
  Settings,
  Tv,
  Users,
} from 'lucide-react'

export interface Place {
  href: string
  name: string
  Icon: LucideIcon
  /** Also in the bottom bar of phones, which has room for six. */
  phone: boolean
  /** Shown to administrators only. */
  admin?: boolean
}

export const places: readonly Place[] = [
  { href: '/', name: 'Home', Icon: House, phone: true },
  { href: '/channels', name: 'Channels', Icon: Tv, phone: true },
  { href: '/guide', name: 'Guide', Icon: CalendarDays, phone: true },
  { href: '/movies', name: 'Movies', Icon: Film, phone: true },
  { href: '/shows', name: 'Series', Icon: Clapperboard, phone: true },
  { href: '/search', name: 'Search', Icon: Search, phone: true },
  { href: '/sources', name: 'Sources', Icon: Layers, phone: false },
  { href: '/devices', name: 'Other apps', Icon: MonitorSmartphone, phone: false },
  { href: '/admin/connections', name: 'Connections', Icon: Activity, phone: false, admin: true },
  { href: '/admin/people', name: 'People', Icon: Users, phone: false, admin: true },
  { href: '/admin/quality', name: 'Quality', Icon: Gauge, phone: false, admin: true },
  { href: '/admin/guide', name: 'TV guides', Icon: CalendarCog, phone: false, admin: true },
  { href: '/admin/playback', name: 'Playback', Icon: MonitorCog, phone: false, admin: true },
  { href: '/settings', name: 'Settings', Icon: Settings, phone: false },
]

export function isHere(place: Place, pathname: string): boolean {
  return place.href === '/' ? pathname === '/' : pathname === place.href || pathname.startsWith(`${place.href}/`)
}
