import { pictureOf } from './pictures'

/** The round picture of a profile. Decoration: the name stands beside it or in the label of what holds it. */
export function ProfilePicture({ picture, className = 'size-10' }: { picture: string; className?: string }) {
  const { hue, drawing } = pictureOf(picture)
  return (
    <span
      aria-hidden
      className={`inline-flex shrink-0 items-center justify-center rounded-full text-white ${className}`}
      style={{ backgroundImage: `linear-gradient(150deg, oklch(0.55 0.13 ${hue}), oklch(0.33 0.09 ${hue + 40}))` }}
    >
      <svg aria-hidden="true" className="size-[52%]">
        <use href={`/pictures.svg#${drawing}`} />
      </svg>
    </span>
  )
}
