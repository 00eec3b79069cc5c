'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { ProfilePicture } from './profile-picture'
import { meQuery } from './queries'

/** Who is watching, at the head of the rail. */
export function ProfileMark() {
  const { data } = useQuery(meQuery)
  const name = data?.profile.name ?? ''
  return (
    <Link
      href="/settings"
      aria-label={name ? `${name}, profile settings` : 'Profile settings'}
      className="mx-3 flex h-12 shrink-0 items-center gap-3 overflow-hidden rounded-card px-1 outline-offset-[-3px] hover:bg-fill-strong"
    >
      {data ? <ProfilePicture picture={data.profile.picture} /> : <span className="shimmer size-10 shrink-0 rounded-full" />}
      <span
        aria-hidden
        className="truncate font-strong opacity-0 transition-opacity duration-120 group-hover:opacity-100 group-has-focus-visible:opacity-100"
      >
        {name}
      </span>
    </Link>
  )
}
