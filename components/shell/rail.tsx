'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { isHere } from './places'
import { ProfileMark } from './profile-mark'
import { usePlaces } from './use-places'

/** The way between screens on desktops and televisions: pictures at rest, words as soon as it is reached. */
export function Rail() {
  const pathname = usePathname()
  const places = usePlaces()
  return (
    <nav
      aria-label="Main"
      data-focus-region="rail"
      className="group hairline-r fixed inset-y-0 left-0 z-20 hidden w-(--rail) flex-col gap-1 overflow-hidden bg-canvas/95 py-4 transition-[width] duration-200 ease-out hover:w-56 hover:bg-surface hover:shadow-float has-focus-visible:w-56 has-focus-visible:bg-surface has-focus-visible:shadow-float md:flex"
    >
      <ProfileMark />
      <ul className="mt-auto mb-auto flex min-h-0 flex-col gap-1 overflow-y-auto px-3 [scrollbar-width:none]">
        {places.map(place => {
          const here = isHere(place, pathname)
          return (
            <li key={place.href} className="shrink-0">
              <Link
                href={place.href}
                aria-current={here ? 'page' : undefined}
                className={`relative flex h-12 items-center gap-4 [@media(max-height:50rem)]:h-10 overflow-hidden rounded-card px-3 text-16 outline-offset-[-3px] transition-colors duration-120 hover:bg-fill-strong hover:text-text ${here ? 'bg-accent-soft font-strong text-text' : 'text-muted'}`}
              >
                <place.Icon aria-hidden size="1.5rem" strokeWidth={1.75} className={`shrink-0 ${here ? 'text-accent' : ''}`} />
                <span className="opacity-0 transition-opacity duration-120 group-hover:opacity-100 group-has-focus-visible:opacity-100">
                  {place.name}
                </span>
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
