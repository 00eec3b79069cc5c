'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { ProfilePicture } from './profile-picture'
import { meQuery } from './queries'
import { usePlaces } from './use-places'

/** The places that do not fit the bottom bar of a phone. The browser's own popover: it closes by itself. */
export function PhoneMenu() {
  const { data } = useQuery(meQuery)
  const places = usePlaces().filter(place => !place.phone)
  return (
    <div className="md:hidden">
      <button
        type="button"
        aria-label="More"
        popoverTarget="more-places"
        className="flex size-11 items-center justify-center rounded-full"
      >
        <ProfilePicture picture={data?.profile.picture ?? ''} className="size-9" />
      </button>
      <nav
        id="more-places"
        popover="auto"
        aria-label="More"
        className="rise hairline fixed inset-auto top-16 right-4 w-56 rounded-card bg-raised p-1.5 text-text shadow-float md:hidden"
      >
        {places.map(({ href, name, Icon }) => (
          <Link
            key={href}
            href={href}
            className="flex min-h-12 items-center gap-3 rounded-cell px-3 text-16 hover:bg-fill-strong"
          >
            <Icon aria-hidden size="1.25rem" strokeWidth={1.75} />
            {name}
          </Link>
        ))}
      </nav>
    </div>
  )
}
