'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { ImportView } from '@/lib/catalogue/schema'
import { isRunning } from './queries'

/** When a refresh ends, every list that may show its content is asked for again. */
export function useImportEnd(imports: readonly ImportView[] | undefined): void {
  const client = useQueryClient()
  const running = imports?.filter(isRunning).length ?? 0
  const before = useRef(running)
  useEffect(() => {
    const ended = running < before.current
    before.current = running
    if (ended) void client.invalidateQueries({ predicate: query => query.queryKey[0] !== 'imports' })
  }, [running, client])
}
