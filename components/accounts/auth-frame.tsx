import type { ReactNode } from 'react'
import { SpatialFocus } from '@/components/shell/spatial-focus'
import { gradientOf } from '@/components/ui/artwork-color'
import { Brand } from '@/components/ui/brand'

const wall =
  'aurora,harbour,night train,violet,meridian,canyon,lantern,tide,ember,orchard,signal,glacier,saffron,delta,juniper,comet'.split(
    ',',
  )

/** The door: one quiet card in front of a dark wall of pictures. */
export function AuthFrame({ children }: { children: ReactNode }) {
  return (
    <div className="relative isolate flex min-h-dvh flex-col overflow-hidden">
      <div
        aria-hidden
        className="-z-1 -rotate-6 -right-[8%] absolute inset-y-[-20%] hidden w-[58%] grid-cols-4 content-center gap-5 opacity-45 [mask-image:linear-gradient(90deg,transparent,black_55%)] md:grid"
      >
        {wall.map((name, at) => (
          <span
            key={name}
            className={`aspect-2/3 rounded-card ${at % 2 ? 'translate-y-14' : ''}`}
            style={{ backgroundImage: gradientOf(name) }}
          />
        ))}
      </div>
      <header className="px-6 pt-6 md:px-12 md:pt-10">
        <Brand />
      </header>
      <main className="flex grow items-center px-4 py-8 md:px-12">
        <div className="rise hairline w-full max-w-md rounded-sheet bg-surface p-6 shadow-float md:ml-[6vw] md:p-9">
          {children}
        </div>
      </main>
      <SpatialFocus />
    </div>
  )
}
