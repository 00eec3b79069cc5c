'use client'

import { SquarePen } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { bindingsOf } from './key-bindings'
import { nameKeys } from './key-names'
import type { KeyMode } from './keymap'
import { PlayerSheet } from './player-sheet'
import { usePreferences } from './preferences'
import { useScene } from './scene'
import { useHasGamepad } from './use-gamepad'

/** Every key, straight from the key map. */
export function HelpPage({ mode }: { mode: KeyMode }) {
  const { keys } = usePreferences()
  const { show } = useScene()
  const hasPad = useHasGamepad()
  const change = (
    <div className="px-6 pt-1 pb-2">
      <Button size="small" icon={<SquarePen aria-hidden size="1rem" strokeWidth={1.75} />} onClick={() => show('keys')}>
        Change keys
      </Button>
    </div>
  )
  return (
    <PlayerSheet title="Keys" side="right" reads head={change}>
      <dl className="flex flex-col gap-1 px-3 pt-1 text-14">
        {bindingsOf(mode, keys).map(binding => (
          <div key={binding.action} className="flex min-h-9 items-center justify-between gap-4">
            <dt className="text-muted">{binding.say}</dt>
            <dd className="flex shrink-0 flex-wrap justify-end gap-1.5">
              {nameKeys(binding, hasPad).map(name => (
                <kbd
                  key={name}
                  className="min-w-7 rounded-cell border border-line-strong bg-white/8 px-2 py-0.5 text-center font-sans font-strong text-12"
                >
                  {name}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </PlayerSheet>
  )
}
