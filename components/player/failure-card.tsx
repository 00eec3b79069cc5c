'use client'

import { ArrowLeft, Layers, Radio, RotateCw } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { Button } from '@/components/ui/button'
import { ANY_HEIGHT, type OtherWay } from '@/lib/playback/schema'
import { describeFailure, type FailureAction } from './failure-text'
import { usePlayerState, useScene } from './scene'

const icon = { 'aria-hidden': true, size: '1.125rem', strokeWidth: 1.75 } as const

function ActionButton({ action, first }: { action: FailureAction; first: boolean }) {
  const { player, show, leave, replay } = useScene()
  const router = useRouter()
  const look = { tone: first ? 'primary' : 'secondary', autoFocus: first } as const
  if (action === 'again') {
    return (
      <Button {...look} icon={<RotateCw {...icon} />} onClick={player.retry}>
        Try again
      </Button>
    )
  }
  if (action === 'source') {
    return (
      <Button {...look} icon={<Layers {...icon} />} onClick={() => show('sources')}>
        Other source
      </Button>
    )
  }
  if (action === 'live') {
    return (
      <Button {...look} icon={<Radio {...icon} />} onClick={() => replay(null)}>
        Watch live
      </Button>
    )
  }
  if (action === 'sources') {
    return (
      <Button {...look} onClick={() => router.push('/sources')}>
        Your sources
      </Button>
    )
  }
  return (
    <Button {...look} icon={<ArrowLeft {...icon} />} onClick={leave}>
      Go back
    </Button>
  )
}

/** What would still play while the server is busy converting; without any, nothing. */
function OtherWays({ ways }: { ways: readonly OtherWay[] }) {
  const { player } = useScene()
  if (ways.length === 0) return null
  return (
    <div className="mt-5">
      <h3 className="text-14 text-muted">What would still play</h3>
      <div data-player-controls className="mt-2 flex flex-wrap gap-3">
        {ways.map(way => {
          if (way.way === 'source')
            return (
              <Button key={way.sourceId} onClick={() => player.switchSource(way.sourceId)}>
                {`“${way.name}”, once one of its streams is free`}
              </Button>
            )
          const isWhole = way.way === 'as-is'
          return (
            <Button key={way.way} onClick={() => player.again(isWhole ? ANY_HEIGHT : way.maxHeight)}>
              {isWhole ? 'As it comes, without saving data' : `A smaller picture: ${way.maxHeight}p`}
            </Button>
          )
        })}
      </div>
    </div>
  )
}

/** What happened, whose side it is on, what to do, and the code in small type. */
export function FailureCard() {
  const { player, page, card, from, show } = useScene()
  const failed = usePlayerState(player, state => state.phase === 'failed')
  const failure = usePlayerState(player, state => state.failure)
  const session = usePlayerState(player, state => state.session)
  if (!failed || !failure) return null
  const text = describeFailure(failure)
  const choices = Math.max(page?.sources.length ?? 0, session?.sources.length ?? 0)
  const usual = text.actions.filter(action => action !== 'source' || choices > 1)
  // Whatever is wrong with the archive, the channel itself may be fine.
  const actions = from === null || usual.includes('live') ? usual : [...usual.slice(0, -1), 'live' as const, ...usual.slice(-1)]
  return (
    <div className="absolute inset-0 flex items-center justify-center overflow-y-auto bg-black/70 p-5">
      <section role="alert" className="rise hairline w-full max-w-lg rounded-sheet bg-surface p-6 shadow-float md:p-8">
        {card ? <p className="mb-1 truncate text-14 text-muted">{card.name}</p> : null}
        <h2 className="text-balance font-title text-28">{text.title}</h2>
        <p className="mt-3 text-pretty">{text.what}</p>
        <p className="mt-2 text-pretty text-muted">
          {text.side} {text.next}
        </p>
        <div data-player-controls className="mt-6 flex flex-wrap gap-3">
          {actions.map((action, at) => (
            <ActionButton key={action} action={action} first={at === 0} />
          ))}
        </div>
        <OtherWays ways={failure.otherWays ?? []} />
        <button
          type="button"
          data-player-controls
          onClick={() => show('diagnosis')}
          className="mt-5 rounded-cell text-14 text-muted underline underline-offset-4 hover:text-text"
        >
          Find out what is wrong
        </button>
        <p className="mt-3 text-12 text-faint tabular-nums">
          {failure.code}
          {failure.detail === '' ? '' : ` · ${failure.detail}`}
        </p>
      </section>
    </div>
  )
}
