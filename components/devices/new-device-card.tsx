'use client'

import { useEffect, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { CopyField } from '@/components/ui/copy-field'
import { Notice } from '@/components/ui/notice'
import type { NewLineView } from '@/lib/accounts/schema'
import { AppGuide } from './app-guide'
import { QrPicture } from './qr-picture'

interface NewDeviceCardProps {
  made: NewLineView
  onDone: () => void
}

function Login({ made: { line, password, addresses } }: { made: NewLineView }) {
  return (
    <div className="grid gap-x-8 gap-y-6 xl:grid-cols-[minmax(0,1fr)_auto]">
      <div className="grid content-start gap-4 sm:grid-cols-2">
        <CopyField label="Server address" value={addresses.server} copy="Copy the server address" className="sm:col-span-2" />
        <CopyField label="User name" value={line.username} copy="Copy the user name" />
        <CopyField label="Password" value={password} copy="Copy the password" />
        <CopyField label="Playlist address" value={addresses.playlist} copy="Copy the playlist address" />
        <CopyField label="Guide address" value={addresses.guide} copy="Copy the guide address" />
      </div>
      <div className="flex flex-wrap justify-center gap-6 self-center">
        <QrPicture svg={addresses.playlistQr} label="Playlist address" />
        <QrPicture svg={addresses.guideQr} label="Guide address" />
      </div>
    </div>
  )
}

/** The login of a device, in the only moment in which it can be read. */
export function NewDeviceCard({ made, onDone }: NewDeviceCardProps) {
  const card = useRef<HTMLElement>(null)
  const title = useRef<HTMLHeadingElement>(null)
  // The dialog gives focus back to its opener when it closes; what is new comes after that.
  useEffect(() => {
    const timer = setTimeout(() => {
      card.current?.scrollIntoView({ block: 'start' })
      title.current?.focus({ preventScroll: true })
    })
    return () => clearTimeout(timer)
  }, [])
  return (
    <section
      ref={card}
      aria-labelledby="new-device"
      className="appear mb-6 flex scroll-mt-4 flex-col gap-6 rounded-card border border-accent bg-surface p-5 md:p-6"
    >
      <header className="flex flex-wrap items-center justify-between gap-3">
        <h2 ref={title} id="new-device" tabIndex={-1} className="min-w-0 font-title text-20 outline-none">
          The login for {made.line.name}
        </h2>
        <Button tone="primary" onClick={onDone} data-focus-first>
          I have it
        </Button>
      </header>
      <Notice tone="warn">
        The password is shown only now. Type it into the app or copy it before you leave this page; if it is lost, make a new one.
      </Notice>
      <Login made={made} />
      <AppGuide />
    </section>
  )
}
