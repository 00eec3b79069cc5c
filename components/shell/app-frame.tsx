import type { ReactNode } from 'react'
import { BottomBar } from './bottom-bar'
import { Rail } from './rail'
import { SpatialFocus } from './spatial-focus'

/** Rail or bottom bar, and room for a screen. */
export function AppFrame({ children }: { children: ReactNode }) {
  return (
    <>
      <a
        href="#main"
        data-focus-ignore
        className="-translate-y-20 fixed top-3 left-3 z-40 rounded-full bg-accent px-5 py-3 font-strong text-14 text-on-accent focus:translate-y-0"
      >
        Skip to the content
      </a>
      <Rail />
      <main id="main" tabIndex={-1} className="min-h-dvh pb-28 outline-none md:pb-16 md:pl-(--rail)">
        {children}
      </main>
      <BottomBar />
      <SpatialFocus />
    </>
  )
}
