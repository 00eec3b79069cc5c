'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { isHere, places } from './places'

/** The way between screens under a thumb. */
export function BottomBar() {
  const pathname = usePathname()
  return (
    <nav
      aria-label="Main"
      data-focus-region="bar"
      className="hairline-t fixed inset-x-0 bottom-0 z-20 bg-overlay pb-[env(safe-area-inset-bottom)] backdrop-blur-xl md:hidden"
    >
      <ul className="flex">
        {places
          .filter(place => place.phone)
          .map(place => {
            const here = isHere(place, pathname)
            return (
              <li key={place.href} className="flex-1">
                <Link
                  href={place.href}
                  aria-current={here ? 'page' : undefined}
                  className={`flex h-16 flex-col items-center justify-center gap-1 text-12 outline-offset-[-3px] ${here ? 'font-strong text-text' : 'text-muted'}`}
                >
                  <span
                    className={`flex h-7 w-14 items-center justify-center rounded-full ${here ? 'bg-accent-soft text-accent' : ''}`}
                  >
                    <place.Icon aria-hidden size="1.375rem" strokeWidth={1.75} />
                  </span>
                  {place.name}
                </Link>
              </li>
            )
          })}
      </ul>
    </nav>
  )
}
