'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { groupQuery, type LineUp } from './use-line-up'

interface GroupWalk {
  lineUp: LineUp
  itemId: number
  go: (itemId: number) => void
}

/**
 * Walks from group to group, past those that are empty: channel +/- then walks within it. A group that the playing channel belongs to
 * leaves it on; any other begins with its first channel.
 */
export function useGroupWalk({ lineUp, itemId, go }: GroupWalk): (step: 1 | -1) => Promise<void> {
  const client = useQueryClient()
  /** Where a walk is that has not ended yet. */
  const ahead = useRef<string | null>(null)
  return async step => {
    const { groups, scope, setScope } = lineUp
    const from = groups.findIndex(({ key }) => key === (ahead.current ?? scope))
    for (let far = 1; far < groups.length; far += 1) {
      const group = groups[(from + step * far + far * groups.length) % groups.length]
      if (!group) return
      ahead.current = group.key
      const known = await client.fetchInfiniteQuery(groupQuery(group.key)).catch(() => null)
      // A later press has gone on from here.
      if (ahead.current !== group.key) return
      const channels = known?.pages[0]?.items ?? []
      const [first] = channels
      if (known !== null && !first) continue
      ahead.current = null
      if (!first) return
      setScope(group.key)
      if (group.key !== 'all' && !channels.some(({ id }) => id === itemId)) go(first.id)
      return
    }
    ahead.current = null
  }
}
