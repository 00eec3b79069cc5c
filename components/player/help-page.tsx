'use client'

import { type KeyMode, keymap, nameKeys } from './keymap'
import { PlayerSheet } from './player-sheet'

/** Every key, straight from the key map. */
export function HelpPage({ mode }: { mode: KeyMode }) {
  return (
    <PlayerSheet title="Keys" side="right" reads>
      <dl className="flex flex-col gap-1 px-3 pt-1 text-14">
        {keymap[mode].map(binding => (
          <div key={binding.action} className="flex min-h-9 items-center justify-between gap-4">
            <dt className="text-muted">{binding.say}</dt>
            <dd className="flex shrink-0 flex-wrap justify-end gap-1.5">
              {nameKeys(binding).map(name => (
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
