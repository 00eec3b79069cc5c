'use client'

import { useEffect, useEffectEvent, useState } from 'react'
import { SECOND } from '@/lib/kernel/time'

const WINDOW = 1.6 * SECOND
const LONGEST = 4
/** The fourth digit ends the number; it is shown for a moment all the same. */
const LAST_LOOK = 0.25 * SECOND

export interface DigitEntry {
  digits: string
  type: (digit: string) => void
  /** OK ends the wait. */
  commit: () => void
  clear: () => void
}

/** Digits typed within a short window make one channel number of up to four digits. */
export function useDigits(onNumber: (digits: string) => void): DigitEntry {
  const [digits, setDigits] = useState('')
  const commit = () => {
    setDigits('')
    if (digits !== '') onNumber(digits)
  }
  const onWindowEnd = useEffectEvent(commit)
  useEffect(() => {
    if (digits === '') return
    const timer = setTimeout(() => onWindowEnd(), digits.length === LONGEST ? LAST_LOOK : WINDOW)
    return () => clearTimeout(timer)
  }, [digits])
  return { digits, type: digit => setDigits(before => (before + digit).slice(0, LONGEST)), commit, clear: () => setDigits('') }
}
