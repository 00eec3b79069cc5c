'use client'

import { Play } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { gradientOf } from '@/components/ui/artwork-color'
import { LogoTile } from '@/components/ui/logo-tile'
import { Picture } from '@/components/ui/picture'
import type { ItemCard } from '@/lib/catalogue/schema'
import { headOf, percentOf, sayProgress, sayUnder } from './item-words'

function Still({ item }: { item: ItemCard }) {
  const [broken, setBroken] = useState(false)
  if (item.kind === 'channel') return <LogoTile name={item.name} image={item.image} className="size-full rounded-card" />
  return (
    <span
      aria-hidden
      className="absolute inset-0 overflow-hidden rounded-card"
      style={{ backgroundImage: gradientOf(headOf(item)) }}
    >
      {item.image && !broken ? (
        <>
          {/* A poster in a wide frame: blurred behind, whole in front, nothing cut off. */}
          <Picture src={item.image} className="absolute inset-0 size-full scale-110 object-cover blur-xl brightness-60" />
          <Picture src={item.image} onError={() => setBroken(true)} className="absolute inset-0 size-full object-contain" />
        </>
      ) : (
        <span className="absolute inset-x-4 bottom-5 line-clamp-2 font-title text-20 text-white">{headOf(item)}</span>
      )}
    </span>
  )
}

/** Something that goes on at once when chosen: what was left, or what is on. */
export function WideCard({ item }: { item: ItemCard }) {
  const percent = percentOf(item)
  const href = item.kind === 'series' ? `/title/${item.id}` : `/watch/${item.id}`
  return (
    <Link href={href} prefetch={false} className="lift group block w-64 rounded-card md:w-76">
      <span className="relative block aspect-video overflow-hidden rounded-card">
        <Still item={item} />
        <span className="absolute inset-0 flex items-center justify-center bg-[rgb(8_10_14/0.45)] opacity-0 transition-opacity duration-120 group-hover:opacity-100 group-focus-visible:opacity-100">
          <span className="flex size-13 items-center justify-center rounded-full bg-white/92">
            <Play aria-hidden size="1.375rem" className="ml-0.5 fill-[#0a0c10] text-[#0a0c10]" />
          </span>
        </span>
        {percent === null ? null : (
          <span aria-hidden className="absolute inset-x-3 bottom-3 h-1 overflow-hidden rounded-full bg-[rgb(8_10_14/0.7)]">
            <span className="block h-full rounded-full bg-[#3ddbb4]" style={{ width: `${percent}%` }} />
          </span>
        )}
      </span>
      <span className="mt-2.5 block truncate font-strong text-14">{headOf(item)}</span>
      <span className="block truncate text-12 text-muted">{[sayUnder(item), sayProgress(item)].filter(Boolean).join(' · ')}</span>
    </Link>
  )
}
