'use client'

import { useCallback, useEffect, useState } from 'react'
import { SECOND } from '@/lib/kernel/time'

const RETURNED = 'wtf.returned'
/** Where the server answers but its pages do not come, one is not sent to and fro. */
const REST_MS = 20 * SECOND
/** Longest wait between two looks whether the server is back. */
const MAX_PAUSE_MS = 60 * SECOND

/** The worker puts the address that was asked for behind the #; only a path of this site is one. */
function wantedPath(): string {
  const path = window.location.hash.slice(1)
  return /^\/(?![/\\])/.test(path) ? path : '/'
}

const answers = (): Promise<boolean> =>
  fetch('/health/live', { cache: 'no-store', signal: AbortSignal.timeout(5 * SECOND) }).then(
    ({ ok }) => ok,
    () => false,
  )

function mayReturn(): boolean {
  const last = Number(sessionStorage.getItem(RETURNED) ?? 0)
  return Date.now() - last > REST_MS
}

interface Return {
  isTrying: boolean
  retry: () => void
}

/** Leads from the offline page back to the screen that was asked for, as soon as the server answers. */
export function useReturn(): Return {
  const [isTrying, setTrying] = useState(false)
  const go = useCallback(async () => {
    setTrying(true)
    if (await answers()) {
      sessionStorage.setItem(RETURNED, String(Date.now()))
      window.location.replace(wantedPath())
    } else setTrying(false)
  }, [])
  useEffect(() => {
    // A device that was online all along is not told when the server is back.
    let pause = 2 * SECOND
    const look = async () => {
      if (document.visibilityState === 'visible' && mayReturn() && (await answers())) void go()
      pause = Math.min(MAX_PAUSE_MS, pause * 2)
      timer = setTimeout(look, pause)
    }
    let timer = setTimeout(look, pause)
    return () => clearTimeout(timer)
  }, [go])
  useEffect(() => {
    const onOnline = () => {
      if (mayReturn()) void go()
    }
    onOnline()
    window.addEventListener('online', onOnline)
    return () => window.removeEventListener('online', onOnline)
  }, [go])
  return { isTrying, retry: () => void go() }
}
