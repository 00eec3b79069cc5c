import { Info, Play } from 'lucide-react'
import { ButtonLink } from '@/components/ui/button-link'
import { Poster } from '@/components/ui/poster'
import { ProgressBar } from '@/components/ui/progress-bar'
import type { HomeView } from '@/lib/catalogue/schema'
import { Backdrop } from './backdrop'
import { headOf, percentOf, sayProgress, sayUnder } from './item-words'

type Hero = NonNullable<HomeView['hero']>

/** One thing above all others: what was left, or what is best. */
export function HomeHero({ hero }: { hero: Hero }) {
  const percent = percentOf(hero)
  const begun = percent !== null
  const about = hero.kind === 'episode' ? hero.series?.id : hero.kind === 'channel' ? undefined : hero.id
  const kicker = begun ? 'Go on where you left' : hero.kind === 'channel' ? 'On now' : 'Just added'
  const posterOnly = hero.backdrop === null && hero.image !== null && hero.kind !== 'channel'
  return (
    <section
      aria-label={headOf(hero)}
      className="relative isolate flex min-h-[58dvh] items-end justify-between gap-10 md:min-h-[66dvh]"
    >
      <Backdrop name={headOf(hero)} backdrop={hero.backdrop} poster={hero.image} />
      <div className="flex max-w-2xl flex-col gap-3 px-4 pt-24 pb-4 md:px-10">
        <p className="font-strong text-14 text-accent">{kicker}</p>
        <h2 className="line-clamp-3 text-balance font-title text-40 md:text-56">{headOf(hero)}</h2>
        <p className="text-muted">{[sayUnder(hero), sayProgress(hero)].filter(Boolean).join(' · ')}</p>
        {hero.plot ? <p className="line-clamp-3 max-w-xl text-muted">{hero.plot}</p> : null}
        {begun ? <ProgressBar label={`Watched of ${headOf(hero)}`} value={percent} className="max-w-sm" /> : null}
        <div className="mt-3 flex flex-wrap gap-3">
          <ButtonLink
            href={hero.kind === 'series' ? `/title/${hero.id}` : `/watch/${hero.id}`}
            prefetch={false}
            tone="primary"
            size="large"
            icon={<Play aria-hidden size="1.25rem" className="fill-current" />}
            data-focus-first
          >
            {begun ? 'Resume' : 'Play'}
          </ButtonLink>
          {about === undefined ? null : (
            <ButtonLink href={`/title/${about}`} size="large" icon={<Info aria-hidden size="1.25rem" strokeWidth={1.75} />}>
              More about it
            </ButtonLink>
          )}
        </div>
      </div>
      {posterOnly ? (
        <div className="mr-[6vw] mb-4 hidden w-[clamp(11rem,19vw,20rem)] shrink-0 rounded-card shadow-float md:block">
          <Poster name={headOf(hero)} image={hero.image} eager />
        </div>
      ) : null}
    </section>
  )
}
