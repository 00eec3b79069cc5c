import { Play, StepBack } from 'lucide-react'
import { ButtonLink } from '@/components/ui/button-link'
import type { Chosen } from './chosen'
import { canReplay, replayHref } from './replay'

interface WatchLinksProps {
  chosen: Chosen
  archiveDays: number
  now: number
}

const play = <Play aria-hidden size="1.125rem" className="fill-current" strokeWidth={1.75} />

/** The ways to the picture: the programme itself where the archive has it, and the channel as it is now. */
export function WatchLinks({ chosen, archiveDays, now }: WatchLinksProps) {
  const { channel, name, start, stop } = chosen
  const isOn = start <= now && now < stop
  const replayable = canReplay(chosen, archiveDays, now)
  const live = `/watch/${channel}`
  return (
    <div className="mt-4 flex flex-col gap-2">
      {replayable && !isOn ? (
        <ButtonLink
          href={replayHref(channel, start)}
          prefetch={false}
          tone="primary"
          data-focus-first
          className="w-full"
          icon={play}
        >
          Watch
        </ButtonLink>
      ) : null}
      <ButtonLink
        href={live}
        prefetch={false}
        tone={isOn ? 'primary' : 'secondary'}
        data-focus-first={isOn || !replayable || undefined}
        className="w-full"
        icon={isOn || !replayable ? play : undefined}
      >
        {isOn ? 'Watch' : `Watch ${name} now`}
      </ButtonLink>
      {replayable && isOn ? (
        <ButtonLink
          href={replayHref(channel, start)}
          prefetch={false}
          className="w-full"
          icon={<StepBack aria-hidden size="1.125rem" strokeWidth={1.75} />}
        >
          Watch from the start
        </ButtonLink>
      ) : null}
    </div>
  )
}
