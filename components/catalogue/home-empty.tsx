'use client'

import { useQuery } from '@tanstack/react-query'
import { Plus, Tv } from 'lucide-react'
import { importsQuery, isRunning } from '@/components/providers/queries'
import { useImportEnd } from '@/components/providers/use-import-end'
import { ButtonLink } from '@/components/ui/button-link'
import { EmptyState } from '@/components/ui/empty-state'

function FirstStep() {
  return (
    <EmptyState
      drawing={<Tv size="2.75rem" strokeWidth={1.5} />}
      title="Your television is ready for its first source"
      text="Add the login or the playlist of your provider, and this screen fills with channels, movies and series."
      action={
        <ButtonLink href="/sources" tone="primary" size="large" icon={<Plus aria-hidden size="1.25rem" />} data-focus-first>
          Add a source
        </ButtonLink>
      }
    />
  )
}

function NothingYet() {
  const imports = useQuery(importsQuery).data
  useImportEnd(imports)
  const running = imports?.some(isRunning) ?? false
  return (
    <EmptyState
      drawing={<Tv size="2.75rem" strokeWidth={1.5} />}
      title={running ? 'Your content is being fetched' : 'Nothing to show yet'}
      text={
        running
          ? 'The first channels appear here as soon as they are in.'
          : 'Start with a channel, or have a look at your sources.'
      }
      action={
        <>
          <ButtonLink href="/channels" tone="primary" data-focus-first>
            Open Channels
          </ButtonLink>
          <ButtonLink href="/sources">Open Sources</ButtonLink>
        </>
      }
    />
  )
}

/** Home before there is anything to show: the first step, or what is going on. */
export function HomeEmpty({ withSources }: { withSources: boolean }) {
  return <div className="flex min-h-[85dvh] items-center">{withSources ? <NothingYet /> : <FirstStep />}</div>
}
