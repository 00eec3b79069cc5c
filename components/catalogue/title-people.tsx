import type { ItemDetails } from '@/lib/catalogue/schema'

/** Who made it and who is in it. */
export function TitlePeople({ details }: { details: ItemDetails }) {
  const lines = [
    ['Director', details.director],
    ['Cast', details.cast.slice(0, 12).join(', ')],
  ].filter(([, text]) => text)
  if (lines.length === 0) return null
  return (
    <dl className="mt-8 grid max-w-3xl grid-cols-[auto_1fr] gap-x-6 gap-y-2 px-4 text-14 md:px-10">
      {lines.map(([term, text]) => (
        <div key={term} className="contents">
          <dt className="text-faint">{term}</dt>
          <dd className="text-muted">{text}</dd>
        </div>
      ))}
    </dl>
  )
}
