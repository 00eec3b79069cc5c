'use client'

import { ChevronLeft, ChevronRight } from 'lucide-react'
import Link from 'next/link'
import { type ReactNode, useId, useRef } from 'react'

interface ShelfProps {
  title: string
  /** Where the whole list is. */
  href?: string
  children: ReactNode
}

const arrow =
  'hidden size-11 items-center justify-center rounded-full text-muted transition hover:bg-fill-strong hover:text-text [@media(any-pointer:fine)]:flex'

/** A row of cards that runs off the right edge. Mouse users page it; everybody else just moves on. */
export function Shelf({ title, href, children }: ShelfProps) {
  const id = useId()
  const list = useRef<HTMLUListElement>(null)
  const page = (direction: 1 | -1) => {
    const element = list.current
    element?.scrollBy({ left: direction * element.clientWidth * 0.85, behavior: 'smooth' })
  }
  return (
    <section aria-labelledby={id} className="mt-9">
      <div className="flex h-11 items-center justify-between px-4 md:px-10">
        <h2 id={id} className="font-title text-20">
          {href ? (
            <Link href={href} data-focus-ignore className="inline-flex items-center gap-1 rounded-cell hover:text-accent">
              {title}
              <ChevronRight aria-hidden size="1.25rem" />
            </Link>
          ) : (
            title
          )}
        </h2>
        {/* The list can be scrolled with keys and wheel, so these two stay out of the way of Tab and arrows. */}
        <div className="flex" aria-hidden>
          <button type="button" tabIndex={-1} className={arrow} onClick={() => page(-1)}>
            <ChevronLeft size="1.25rem" />
          </button>
          <button type="button" tabIndex={-1} className={arrow} onClick={() => page(1)}>
            <ChevronRight size="1.25rem" />
          </button>
        </div>
      </div>
      <ul
        ref={list}
        className="scroll-quiet flex gap-4 overflow-x-auto scroll-px-4 px-4 pt-3 pb-4 md:gap-5 md:scroll-px-10 md:px-10"
      >
        {children}
      </ul>
    </section>
  )
}
