'use client'

import { useEffect } from 'react'
import { registerServiceWorker } from './registration'

/** Puts the service worker on this device. */
export function OfflineWorker() {
  useEffect(registerServiceWorker, [])
  return null
}
