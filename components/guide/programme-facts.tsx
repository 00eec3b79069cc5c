import type { CreditRole, ProgrammeView } from '@/lib/epg/schema'
import { sayFlag } from './guide-words'

const roleNames: Record<CreditRole, string> = {
  director: 'Director',
  actor: 'Cast',
  writer: 'Writer',
  adapter: 'Adaptation',
  producer: 'Producer',
  composer: 'Music',
  editor: 'Editor',
  presenter: 'Presenter',
  commentator: 'Commentary',
  guest: 'Guests',
}

const MAX_NAMES = 12

function sayEpisode({ season, episode, part, onscreen }: ProgrammeView['details']): string | null {
  const numbers = [season && `Season ${season}`, episode && `Episode ${episode}`, part && `Part ${part}`].filter(Boolean)
  return numbers.length > 0 ? numbers.join(', ') : (onscreen ?? null)
}

function flagOf({ isLive, isPremiere, isNew, isRepeat }: ProgrammeView['details']): string | null {
  return sayFlag((isNew ? 1 : 0) + (isPremiere ? 2 : 0) + (isLive ? 8 : 0)) ?? (isRepeat ? 'Repeat' : null)
}

function listFacts({ details, categories }: ProgrammeView): string[] {
  return [sayEpisode(details), details.date?.slice(0, 4), ...categories.slice(0, 4), details.stars].filter(
    (fact): fact is string => typeof fact === 'string' && fact !== '',
  )
}

function listPeople({ details }: ProgrammeView): [role: string, names: string][] {
  const byRole = Map.groupBy(details.credits ?? [], ({ role }) => role)
  return [...byRole].map(([role, people]) => [
    roleNames[role],
    people
      .slice(0, MAX_NAMES)
      .map(person => (person.as ? `${person.name} (${person.as})` : person.name))
      .join(', '),
  ])
}

/** What the guide tells of a programme; only what it does tell. */
export function ProgrammeFacts({ programme }: { programme: ProgrammeView }) {
  const { subTitle, description, details } = programme
  const flag = flagOf(details)
  const facts = listFacts(programme)
  const people = listPeople(programme)
  return (
    <div className="mt-5 flex flex-col gap-3">
      {subTitle ? <p className="font-strong">{subTitle}</p> : null}
      {facts.length > 0 || flag || details.ratings?.length ? (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-14 text-muted">
          {flag ? <span className="font-strong text-accent">{flag}</span> : null}
          {details.ratings?.slice(0, 2).map(({ system, value }) => (
            <span key={`${system} ${value}`} className="rounded border border-line-strong px-1.5 text-12">
              {value}
            </span>
          ))}
          {facts.join('  ·  ')}
        </p>
      ) : null}
      {description ? <p className="whitespace-pre-line text-14 leading-relaxed">{description}</p> : null}
      {people.length > 0 ? (
        <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-5 gap-y-1.5 text-14">
          {people.map(([role, names]) => (
            <div key={role} className="contents">
              <dt className="text-faint">{role}</dt>
              <dd className="text-muted">{names}</dd>
            </div>
          ))}
        </dl>
      ) : null}
    </div>
  )
}
