'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { createFollower } from './follow'
import { openLine } from './live'

/** Keeps open screens up to date with what other devices and the server change. Without it they ask from time to time. */
export function RealtimeNews() {
  const client = useQueryClient()
  useEffect(() => {
    const follower = createFollower(client)
    const close = openLine(follower)
    return () => {
      close()
      follower.stop()
    }
  }, [client])
  return null
}
