'use client'

import { useQuery } from '@tanstack/react-query'
import { type Place, places } from './places'
import { meQuery } from './queries'

/** The places this viewer can go to. */
export function usePlaces(): readonly Place[] {
  const admin = useQuery(meQuery).data?.account.role === 'admin'
  return places.filter(place => !place.admin || admin)
}
